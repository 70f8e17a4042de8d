import { Worklist } from '../../../../../src/reading/worklist.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string }> }) {
  return <Worklist studyCode={(await params).studyCode} />
}
