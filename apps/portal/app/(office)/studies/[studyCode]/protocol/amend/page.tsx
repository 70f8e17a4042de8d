import { AmendScreen } from '../../../../../../src/protocol/amend-screen.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string }> }) {
  return <AmendScreen studyCode={(await params).studyCode} />
}
