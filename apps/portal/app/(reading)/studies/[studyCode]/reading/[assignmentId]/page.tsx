import { ReadingScreen } from '../../../../../../src/reading/page/reading-screen.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string; assignmentId: string }> }) {
  return <ReadingScreen {...(await params)} />
}
