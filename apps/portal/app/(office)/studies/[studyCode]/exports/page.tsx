import { ExportsScreen } from '../../../../../src/exports/exports-screen.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string }> }) {
  return <ExportsScreen studyCode={(await params).studyCode} />
}
