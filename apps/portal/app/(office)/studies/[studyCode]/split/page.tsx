import { SplitScreen } from '../../../../../src/split/split-screen.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string }> }) {
  return <SplitScreen studyCode={(await params).studyCode} />
}
