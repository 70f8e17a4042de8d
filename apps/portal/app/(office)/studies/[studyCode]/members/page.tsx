import { MembersScreen } from '../../../../../src/members/members-screen.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string }> }) {
  return <MembersScreen studyCode={(await params).studyCode} />
}
