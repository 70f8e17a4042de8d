import type { Envelope } from '@facetgrade/dicom/envelope'
import type { VerifiedFile } from '@facetgrade/dicom/pseudonymised-file'
import type { ExamRow, NewInstance } from '../exams/exam-store.ts'
import type { JobQueue } from '../job-queue.ts'
import type { PatientFacts, PatientRow } from '../patients/patient-store.ts'
import type { Stores } from '../stores.ts'
import type { LedgerLine } from './import-store.ts'
import { type CheckedFile, type Judgement, judgeFile, type KnownStudy } from './judge-file.ts'

type Judged = { index: number; envelope: Envelope; judgement: Judgement }
type Taken = { index: number; envelope: Envelope; file: VerifiedFile }
export type PackPlace = { studyId: string; importId: string; packIndex: number }

/**
 * Takes a pack's files into the study and writes one ledger line each, all in the caller's transaction: a worker that is
 * killed before it commits leaves nothing, and one that runs again after it committed finds the pack done.
 *
 * The blobs of `files` must be stored before. Call as the system.
 */
export async function recordPack(
  ctx: { stores: Stores; queue: JobQueue },
  place: PackPlace,
  files: readonly CheckedFile[],
): Promise<void> {
  const { stores } = ctx
  const { studyId, importId, packIndex } = place
  await stores.imports.lockStudy(studyId)
  const row = await stores.imports.find(importId)
  const packs = await stores.imports.packs(importId)
  if (!row || packs.find((pack) => pack.packIndex === packIndex)?.isDone !== false) return
  const answered = await stores.imports.lineIndexes(importId)
  const fresh = files.filter(({ index }) => index < row.fileCount && !answered.has(index))
  const known = await knownStudy(stores, studyId, { files: fresh, keyFingerprint: row.keyFingerprint })
  const judged = judgeAll(fresh, known)
  const instanceIds = await takeIn(stores, studyId, judged, known)
  await stores.imports.addLines(
    { studyId, importId },
    judged.map((one) => ledgerLine(one, instanceIds)),
  )
  await stores.imports.finishPack(importId, packIndex)
  const isLast = packs.every((pack) => pack.isDone || pack.packIndex === packIndex)
  if (isLast && row.state !== 'receiving') await ctx.queue.enqueue('import.complete', { studyId, importId })
}

/** Ends a pack that could not be taken in: its files get their lines when the import is closed. Call as the system. */
export async function abandonPack(
  { stores, queue }: { stores: Stores; queue: JobQueue },
  place: PackPlace,
): Promise<void> {
  const { studyId, importId, packIndex } = place
  await stores.imports.lockStudy(studyId)
  const row = await stores.imports.find(importId)
  const packs = await stores.imports.packs(importId)
  if (!row || packs.find((pack) => pack.packIndex === packIndex)?.isDone !== false) return
  await stores.imports.finishPack(importId, packIndex)
  const isLast = packs.every((pack) => pack.isDone || pack.packIndex === packIndex)
  if (isLast && row.state !== 'receiving') await queue.enqueue('import.complete', { studyId, importId })
}

type Known = Omit<KnownStudy, 'patients'> & {
  patients: Map<string, PatientRow & { isWithdrawn: boolean }>
  exams: Map<string, ExamRow>
  instanceIds: Map<string, string>
}

async function knownStudy(
  stores: Stores,
  studyId: string,
  of: { files: readonly CheckedFile[]; keyFingerprint: string },
): Promise<Known> {
  const clean = of.files.flatMap(({ checked }) => (checked.outcome === 'clean' ? [checked] : []))
  const unique = (values: readonly string[]) => [...new Set(values)]
  const patients = await stores.patients.byCodes(studyId, unique(clean.map((file) => file.patientCode)))
  const exams = await stores.exams.byStudyUids(studyId, unique(clean.map((file) => file.header.studyInstanceUid)))
  const instances = await stores.exams.instancesBySop(studyId, unique(clean.map((file) => file.sopInstanceUid)))
  const codeOf = new Map(patients.map((patient) => [patient.patientId, patient.patientCode]))
  return {
    keyFingerprint: of.keyFingerprint,
    patients: new Map(
      patients.map((patient) => [patient.patientCode, { ...patient, isWithdrawn: patient.withdrawnAt !== null }]),
    ),
    exams: new Map(exams.map((exam) => [examKey(exam), exam])),
    // An exam of a patient outside this pack still has an owner, who is none of the pack's: '' is nobody's code.
    examOwners: new Map(exams.map((exam) => [exam.studyInstanceUid, codeOf.get(exam.patientId) ?? ''])),
    instances: new Map(instances.map((instance) => [instance.sopInstanceUid, instance.blobHash])),
    instanceIds: new Map(instances.map((instance) => [instance.sopInstanceUid, instance.instanceId])),
  }
}

const examKey = (exam: { studyInstanceUid: string; modality: string }): string =>
  `${exam.studyInstanceUid}/${exam.modality}`

/** In order, each file seeing what the ones before it brought. */
function judgeAll(files: readonly CheckedFile[], known: Known): Judged[] {
  const patients = new Map<string, { sex: string | null; birthDateHmac: string | null; isWithdrawn: boolean }>(
    known.patients,
  )
  const examOwners = new Map(known.examOwners)
  const instances = new Map(known.instances)
  const sofar: KnownStudy = { keyFingerprint: known.keyFingerprint, patients, examOwners, instances }
  return files.map((file) => {
    const judgement = judgeFile(file, sofar)
    if (judgement.outcome === 'accepted') {
      const { patientCode, header, sopInstanceUid, contentHash } = judgement.file
      const before = patients.get(patientCode)
      patients.set(patientCode, {
        sex: before?.sex ?? header.sex,
        birthDateHmac: before?.birthDateHmac ?? file.envelope.birthDateHmac,
        isWithdrawn: before?.isWithdrawn ?? false,
      })
      examOwners.set(header.studyInstanceUid, patientCode)
      instances.set(sopInstanceUid, contentHash)
    }
    return { index: file.index, envelope: file.envelope, judgement }
  })
}

/** Patients, exams, instances of the accepted files; answers SOP instance UID → instance id, old and new. */
async function takeIn(
  stores: Stores,
  studyId: string,
  judged: readonly Judged[],
  known: Known,
): Promise<ReadonlyMap<string, string>> {
  const taken = judged.flatMap(({ index, envelope, judgement }) =>
    judgement.outcome === 'accepted' ? [{ index, envelope, file: judgement.file }] : [],
  )
  const patientIds = await takePatients(stores, studyId, taken, known)
  const exams = await takeExams(stores, studyId, taken, { known, patientIds })
  const instances = await stores.exams.createInstances(taken.map(({ file }) => newInstance(studyId, file, exams)))
  return new Map([
    ...known.instanceIds,
    ...instances.map((instance) => [instance.sopInstanceUid, instance.instanceId] as const),
  ])
}

/** The patient as the files of this pack say: the first that says something decides; age is that at the first exam. */
function factsOf(files: readonly Taken[]): PatientFacts {
  const first = <T>(of: (file: Taken) => T | null): T | null => files.map(of).find((value) => value !== null) ?? null
  return {
    sex: first(({ file }) => file.header.sex),
    ageYears: first(({ file }) => file.header.ageYears),
    site: null,
    clinical: {},
    birthDateHmac: first(({ envelope }) => envelope.birthDateHmac),
    imagedInPeriod: files.some(({ envelope }) => envelope.imagedInPeriod === true)
      ? true
      : first(({ envelope }) => envelope.imagedInPeriod),
  }
}

async function takePatients(
  stores: Stores,
  studyId: string,
  taken: readonly Taken[],
  known: Known,
): Promise<ReadonlyMap<string, string>> {
  const byCode = Map.groupBy(taken, ({ file }) => file.patientCode)
  const created = await stores.patients.create(
    studyId,
    [...byCode]
      .filter(([code]) => !known.patients.has(code))
      .map(([patientCode, files]) => ({ patientCode, ...factsOf(files) })),
  )
  for (const [code, files] of byCode) {
    const before = known.patients.get(code)
    if (before) await completePatient(stores, before, factsOf(files))
  }
  return new Map([...known.patients.values(), ...created].map((patient) => [patient.patientCode, patient.patientId]))
}

/** Fills what was unknown; what is known stays, since a contradiction was quarantined before. */
async function completePatient(stores: Stores, before: PatientRow, now: PatientFacts): Promise<void> {
  const facts = {
    sex: before.sex ?? now.sex,
    ageYears: before.ageYears ?? now.ageYears,
    birthDateHmac: before.birthDateHmac ?? now.birthDateHmac,
    imagedInPeriod: before.imagedInPeriod === true ? true : (now.imagedInPeriod ?? before.imagedInPeriod),
  }
  const isSame =
    facts.sex === before.sex &&
    facts.ageYears === before.ageYears &&
    facts.birthDateHmac === before.birthDateHmac &&
    facts.imagedInPeriod === before.imagedInPeriod
  if (!isSame) await stores.patients.update(before.patientId, facts)
}

async function takeExams(
  stores: Stores,
  studyId: string,
  taken: readonly Taken[],
  at: { known: Known; patientIds: ReadonlyMap<string, string> },
): Promise<ReadonlyMap<string, ExamRow>> {
  const missing = new Map<string, VerifiedFile>()
  for (const { file } of taken) {
    const key = examKey(file.header)
    if (!at.known.exams.has(key) && !missing.has(key)) missing.set(key, file)
  }
  const created = await stores.exams.create(
    [...missing.values()].map(({ header, patientCode }) => ({
      studyId,
      patientId: idOf(at.patientIds, patientCode),
      modality: header.modality,
      studyInstanceUid: header.studyInstanceUid,
      shiftedDate: header.studyDate?.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3') ?? null,
    })),
  )
  return new Map([...at.known.exams, ...created.map((exam) => [examKey(exam), exam] as const)])
}

function newInstance(studyId: string, file: VerifiedFile, exams: ReadonlyMap<string, ExamRow>): NewInstance {
  const { header } = file
  const exam = exams.get(examKey(header))
  if (!exam) throw new Error('an accepted file without its exam')
  return {
    studyId,
    examId: exam.examId,
    seriesInstanceUid: header.seriesInstanceUid,
    sopInstanceUid: file.sopInstanceUid,
    sopClassUid: header.sopClassUid,
    blobHash: file.contentHash,
    pixelHash: file.pixelHash,
    header,
  }
}

function idOf(ids: ReadonlyMap<string, string>, code: string): string {
  const id = ids.get(code)
  if (id === undefined) throw new Error('an accepted file without its patient')
  return id
}

function ledgerLine({ index, judgement }: Judged, instanceIds: ReadonlyMap<string, string>): LedgerLine {
  switch (judgement.outcome) {
    case 'accepted':
    case 'duplicate': {
      const { sopInstanceUid, contentHash } = judgement.file
      const code = judgement.outcome === 'accepted' ? 'ACCEPTED' : 'DUPLICATE'
      const instanceId = instanceIds.get(sopInstanceUid) ?? null
      return { fileIndex: index, outcome: judgement.outcome, code, instanceId, blobHash: contentHash }
    }
    case 'quarantined': {
      const { outcome, code, file } = judgement
      return {
        fileIndex: index,
        outcome,
        code,
        instanceId: instanceIds.get(file.sopInstanceUid) ?? null,
        blobHash: file.contentHash,
      }
    }
    case 'held':
    case 'rejected':
      return { fileIndex: index, outcome: judgement.outcome, code: judgement.code, instanceId: null, blobHash: null }
  }
}
