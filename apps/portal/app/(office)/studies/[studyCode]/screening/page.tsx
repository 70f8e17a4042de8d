import { ScreeningScreen } from '../../../../../src/screening/screening-screen.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string }> }) {
  return <ScreeningScreen studyCode={(await params).studyCode} />
}
