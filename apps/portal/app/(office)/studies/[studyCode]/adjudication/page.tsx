import { AdjudicationRooms } from '../../../../../src/adjudication/adjudication-rooms.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string }> }) {
  return <AdjudicationRooms studyCode={(await params).studyCode} />
}
