import { ScreenPatient } from '../../../../../../src/screening/screen-patient.tsx'

export default async function Page({ params }: { params: Promise<{ studyCode: string; patientId: string }> }) {
  const { studyCode, patientId } = await params
  return <ScreenPatient studyCode={studyCode} patientId={patientId} />
}
