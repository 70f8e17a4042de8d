import { LedgerScreen } from '../../../../../../src/imports/ledger-screen.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string; importId: string }> }) {
  const { studyCode, importId } = await params
  return <LedgerScreen studyCode={studyCode} importId={importId} />
}
