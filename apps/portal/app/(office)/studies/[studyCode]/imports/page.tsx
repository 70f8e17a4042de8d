import { ImportsScreen } from '../../../../../src/imports/imports-screen.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string }> }) {
  return <ImportsScreen studyCode={(await params).studyCode} />
}
