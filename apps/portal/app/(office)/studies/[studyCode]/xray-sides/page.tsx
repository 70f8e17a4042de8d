import { XraySides } from '../../../../../src/reading/office/xray-sides.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string }> }) {
  return <XraySides studyCode={(await params).studyCode} />
}
