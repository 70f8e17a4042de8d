import { StudyHome } from '../../../../src/studies/study-home.tsx'

export default function Page() {
  return <StudyHome />
}
