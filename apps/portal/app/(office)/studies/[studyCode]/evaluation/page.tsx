import { EvaluationScreen } from '../../../../../src/evaluation/evaluation-screen.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string }> }) {
  return <EvaluationScreen studyCode={(await params).studyCode} />
}
