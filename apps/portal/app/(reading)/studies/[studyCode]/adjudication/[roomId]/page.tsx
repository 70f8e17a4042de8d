import { RoomScreen } from '../../../../../../src/adjudication/room-screen.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string; roomId: string }> }) {
  return <RoomScreen {...(await params)} />
}
