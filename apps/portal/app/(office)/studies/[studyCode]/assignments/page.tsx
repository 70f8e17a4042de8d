import { AssignmentsScreen } from '../../../../../src/reading/office/assignments-screen.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string }> }) {
  return <AssignmentsScreen studyCode={(await params).studyCode} />
}
