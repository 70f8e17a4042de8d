import { ModelScreen } from '../../../../../../src/models/model-screen.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string; modelId: string }> }) {
  const { studyCode, modelId } = await params
  return <ModelScreen studyCode={studyCode} modelId={modelId} />
}
