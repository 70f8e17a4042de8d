import { PatientsScreen } from '../../../../../src/patients/patients-screen.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string }> }) {
  return <PatientsScreen studyCode={(await params).studyCode} />
}
