import { ProtocolScreen } from '../../../../../src/protocol/protocol-screen.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string }> }) {
  return <ProtocolScreen studyCode={(await params).studyCode} />
}
