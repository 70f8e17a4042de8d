import { RunScreen } from '../../../../../../../src/models/run-screen.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string; runId: string }> }) {
  const { studyCode, runId } = await params
  return <RunScreen studyCode={studyCode} runId={runId} />
}
