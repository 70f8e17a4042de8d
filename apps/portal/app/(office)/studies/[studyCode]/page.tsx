import { StudyHome } from '../../../../src/studies/study-home.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string }> }) {
  return <StudyHome studyCode={(await params).studyCode} />
}
