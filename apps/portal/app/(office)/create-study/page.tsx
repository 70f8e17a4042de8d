import { CreateStudyScreen } from '../../../src/studies/create-study-screen.tsx'

export default function Page() {
  return <CreateStudyScreen />
}
