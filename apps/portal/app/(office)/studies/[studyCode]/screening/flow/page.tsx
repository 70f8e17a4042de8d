import { FlowScreen } from '../../../../../../src/screening/flow-screen.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string }> }) {
  return <FlowScreen studyCode={(await params).studyCode} />
}
