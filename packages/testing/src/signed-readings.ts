import { randomInt } from 'node:crypto'
import type { connect } from '@facetgrade/db/connect'
import { storesIn } from '@facetgrade/db/stores'
import { asSystem, inWall, systemActor, type WallActor } from '@facetgrade/db/wall'
import { canonicalJson } from '@facetgrade/grading/canonical-json'
import { type CellAnswer, type CellKey, cellText } from '@facetgrade/grading/cell'
import { CHAIN_START, chained } from '@facetgrade/grading/grade-chain'
import type { GradeEvent } from '@facetgrade/grading/grade-event'
import type { Level } from '@facetgrade/grading/joint'
import type { Modality } from '@facetgrade/grading/modality'
import { Part } from '@facetgrade/grading/part'
import type { Protocol } from '@facetgrade/grading/protocol'
import { requiredCells } from '@facetgrade/grading/required-cells'
import { rosterHash } from '@facetgrade/grading/split'
import type { SplitSeal } from '@facetgrade/grading/split-seal'
import { type ComputedConsensus, computeConsensus } from '@facetgrade/study/consensus/compute-consensus'
import { sha256 } from './sha256.ts'
import { type PersonName, shippedProtocol, type World } from './study-world.ts'

type Db = ReturnType<typeof connect>
export type ReaderName = Extract<PersonName, `J${string}` | `S${string}`>

export type RosterPatient = {
  patientId: string
  patientCode: string
  part: Part
  exams: Readonly<Partial<Record<Modality, string>>>
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const aPatientCode = (): string => `P${Array.from({ length: 10 }, () => CROCKFORD[randomInt(32)]).join('')}`

/** Eligible patients, one per part named, each with an exam per modality, a confirmed numbering and a sealed part. */
export async function aRoster(
  db: Db,
  world: World,
  roster: readonly { part: Part; modalities: readonly Modality[] }[],
): Promise<RosterPatient[]> {
  const { studyId } = world
  return inWall(db, systemActor(studyId), async (wall) => {
    const known = await wall.patient.count({ where: { studyId } })
    const patients = roster.map(({ part, modalities }, index) => ({
      patientId: crypto.randomUUID(),
      patientCode: aPatientCode(),
      enrolmentNumber: known + index + 1,
      part,
      exams: Object.fromEntries(modalities.map((modality) => [modality, crypto.randomUUID()])),
    }))
    await wall.patient.createMany({
      data: patients.map(({ patientId, patientCode, enrolmentNumber }) => ({
        id: patientId,
        studyId,
        patientCode,
        enrolmentNumber,
        sex: enrolmentNumber % 2 === 0 ? 'F' : 'M',
        ageYears: 40 + (enrolmentNumber % 40),
        site: 'site-1',
      })),
    })
    await wall.exam.createMany({
      data: patients.flatMap(({ patientId, exams }) =>
        Object.entries(exams).map(([modality, id]) => ({
          id,
          studyId,
          patientId,
          modality,
          studyInstanceUid: `2.25.${id}`,
        })),
      ),
    })
    await wall.levelNumbering.createMany({
      data: patients.map(({ patientId }) => ({
        studyId,
        patientId,
        version: 1,
        document: { lumbarVertebrae: 'five', isTransitional: false, confirmedOn: 'sagittal' },
        confirmedBy: 'test',
      })),
    })
    await wall.splitAllocation.createMany({
      data: patients.map(({ patientId, part }) => ({ patientId, studyId, part, stratum: '', origin: 'sealed' })),
    })
    return patients
  })
}

/** A seal over the allocations that stand, in the form of a real one; its parts were given and not drawn. */
export async function aSeal(db: Db, { studyId }: World): Promise<void> {
  await inWall(db, systemActor(studyId), async (wall) => {
    const rows = await wall.splitAllocation.findMany({ where: { studyId } })
    const patients = await wall.patient.findMany({ where: { studyId }, orderBy: { patientCode: 'asc' } })
    const allocations = patients.flatMap(({ id, patientCode }) => {
      const row = rows.find(({ patientId }) => patientId === id)
      return row ? [{ patientCode, part: Part.parse(row.part), stratum: row.stratum }] : []
    })
    const counts = { train: 0, validation: 0, test: 0 }
    for (const { part } of allocations) counts[part] += 1
    const seed = 'f'.repeat(64)
    const document: SplitSeal = {
      algorithmVersion: 'test',
      seed,
      protocolVersion: 1,
      ratios: { train: 70, validation: 15, test: 15 },
      rosterHash: rosterHash(sha256, allocations),
      counts,
      strata: [{ stratum: '', counts }],
      allocations,
    }
    await wall.splitSeal.create({
      data: {
        studyId,
        seed,
        algorithmVersion: document.algorithmVersion,
        rosterHash: document.rosterHash,
        sealHash: sha256(canonicalJson(document)),
        document,
        sealedBy: 'test',
      },
    })
  })
}

const LEVELS: readonly Level[] = ['L1L2', 'L2L3', 'L3L4', 'L4L5', 'L5S1']

/** The cells that the shipped protocol asks of a usual spine. */
export const askedCells = (modality: Modality, protocol: Protocol = shippedProtocol()): CellKey[] =>
  requiredCells(protocol, modality, LEVELS)

export type SignedCase = { readingId: string; assignmentId: string; computed: ComputedConsensus }
export type CaseToSign = {
  reader: ReaderName
  patient: RosterPatient
  modality: Modality
  round?: string
  /** What the reader answers, cell by cell. */
  answer: (cell: CellKey) => CellAnswer
}

/** A reading answered in full and signed under the reader's own wall, with the consensus that the signature sets off. */
export async function aSignedReading(db: Db, world: World, signing: CaseToSign): Promise<SignedCase> {
  const person = world.as(signing.reader)
  const actor: WallActor = { userId: person.userId, role: 'reader', studyId: world.studyId, memberId: person.memberId }
  const { assignmentId, readingId } = await anAssignedCase(db, world, signing)
  return inWall(db, actor, async (wall) => {
    const { studyId } = world
    const { memberId } = person
    const { patientId } = signing.patient
    let head = CHAIN_START
    const rows = askedCells(signing.modality).map((cell, index) => {
      const event: GradeEvent = {
        id: crypto.randomUUID(),
        readingId,
        sequence: index + 1,
        reader: signing.reader,
        cell,
        value: signing.answer(cell),
        how: 'entered',
        clientOffsetMs: 1000 * (index + 1),
        protocolVersion: 1,
        receivedAt: new Date(Date.UTC(2026, 0, 5, 8, 0, index)).toISOString(),
      }
      const { previousHash, hash } = chained(sha256, event, head)
      head = hash
      const { cell: key, how, reader: _reader, ...rest } = event
      return { ...rest, ...key, studyId, memberId, patientId, origin: how, previousHash, hash }
    })
    await wall.gradeEvent.createMany({ data: rows })
    await wall.reading.update({
      where: { id: readingId },
      data: { signedAt: new Date(), headSequence: rows.length, headHash: head, answeredCells: rows.length },
    })
    await wall.signature.create({
      data: {
        studyId,
        readingId,
        memberId,
        ordinal: 1,
        method: 'pin',
        statement: 'I sign this reading.',
        headHash: head,
      },
    })
    const computed = await asSystem(wall, (system) => computeConsensus(storesIn(system), readingId))
    return { readingId, assignmentId, computed }
  })
}

/** The office hands the case over and the reader opens it. */
async function anAssignedCase(
  db: Db,
  world: World,
  { reader, patient, modality, round = 'first' }: CaseToSign,
): Promise<{ assignmentId: string; readingId: string }> {
  const { studyId } = world
  const { memberId } = world.as(reader)
  const examId = patient.exams[modality]
  if (!examId) throw new Error(`patient has no ${modality}`)
  return inWall(db, systemActor(studyId), async (wall) => {
    const position = (await wall.assignment.count({ where: { memberId, round } })) + 1
    const { patientId } = patient
    const assignment = await wall.assignment.create({
      data: { studyId, memberId, round, patientId, modality, examId, position },
    })
    const reading = await wall.reading.create({
      data: {
        studyId,
        assignmentId: assignment.id,
        memberId,
        patientId,
        modality,
        protocolVersion: 1,
        numberingVersion: 1,
        requiredCells: askedCells(modality).length,
      },
    })
    return { assignmentId: assignment.id, readingId: reading.id }
  })
}

export const graded = (grade: number): CellAnswer => ({ kind: 'graded', grade })
export const notAssessable: CellAnswer = { kind: 'not_assessable', reason: { code: 'artefact' } }

/** The given answers in the cells named (`L4L5-left/cyst`), and grade 0 everywhere else. */
export const answering =
  (answers: Readonly<Record<string, CellAnswer>>) =>
  (cell: CellKey): CellAnswer =>
    answers[cellText(cell)] ?? graded(0)
