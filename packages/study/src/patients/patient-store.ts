export type ClinicalValues = Readonly<Record<string, string | number>>

export type PatientRow = {
  patientId: string
  patientCode: string
  enrolmentNumber: number
  sex: string | null
  ageYears: number | null
  site: string | null
  clinical: ClinicalValues
  birthDateHmac: string | null
  imagedInPeriod: boolean | null
  createdAt: string
  withdrawnAt: string | null
  withdrawnBy: string | null
  withdrawalCode: string | null
  withdrawalReason: string | null
}

export type PatientFacts = Pick<
  PatientRow,
  'sex' | 'ageYears' | 'site' | 'clinical' | 'birthDateHmac' | 'imagedInPeriod'
>

export type PatientStore = {
  byCodes(studyId: string, codes: readonly string[]): Promise<readonly PatientRow[]>
  find(patientId: string): Promise<PatientRow | undefined>
  list(page: { studyId: string; after: string | undefined; limit: number }): Promise<readonly PatientRow[]>
  count(studyId: string): Promise<number>
  /** Enrolment numbers go on from the highest; call under `imports.lockStudy`. */
  create(studyId: string, patients: readonly (PatientFacts & { patientCode: string })[]): Promise<readonly PatientRow[]>
  update(patientId: string, facts: Partial<PatientFacts>): Promise<void>
  /** Stamped by the database clock; false when the patient was withdrawn before. */
  withdraw(patientId: string, by: { userId: string; code: string; reason: string }): Promise<boolean>
}
