import { ModelsScreen } from '../../../../../src/models/models-screen.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string }> }) {
  return <ModelsScreen studyCode={(await params).studyCode} />
}
