import { createHash } from 'node:crypto'
import { assignCases, deriveReference, lockPlan, sealSplit, unseal } from '@facetgrade/demo/conclude-study'
import type { DemoPeople, DemoPerson } from '@facetgrade/demo/demo-people'
import { evaluateStudy } from '@facetgrade/demo/evaluate-study'
import { confirmXraySides, numberLevels, screenPatients } from '@facetgrade/demo/prepare-patients'
import { readCases } from '@facetgrade/demo/read-cases'
import { settleRooms } from '@facetgrade/demo/settle-rooms'
import { type CaseTruth, cutsOf } from '@facetgrade/demo/simulated-reader'
import type { JointId } from '@facetgrade/grading/joint'
import { parseJointId } from '@facetgrade/grading/joint'
import type { Modality } from '@facetgrade/grading/modality'
import { drawsOf } from '@facetgrade/phantom/draws'
import { type InventedPatient, inventPatient } from '@facetgrade/phantom/invented-patient'
import { drawGrades, type JointGrades, PHANTOM_FEATURES } from '@facetgrade/phantom/joint-grades'
import { asSystemIn } from './behind-the-wall.ts'
import { performRun } from './evaluated-study.ts'
import { gradableExams } from './gradable-exams.ts'
import { inProcessClient } from './in-process-client.ts'
import type { TestDatabase } from './postgres-fixture.ts'
import { aPredictingModel } from './predicted-study.ts'
import { aWorld, contextOn, type PersonName, TEST_PIN, type World } from './study-world.ts'

export type DemoStudyOptions = {
  /** Default 14: ten or so in training, two each in validation and test. */
  patients?: number
  /** Default CT alone. */
  modalities?: readonly Modality[]
  seed?: string
  /** How far the study goes. Default 'evaluated'. */
  until?: 'sealed' | 'read' | 'unsealed' | 'evaluated'
  /** With the predictions of a made-up CT grader for every eligible patient, ordered before the unsealing. */
  model?: boolean
}
export type DemoStudy = { world: World; people: DemoPeople; evaluationId: string | undefined }
type Phantom = { person: InventedPatient; truths: ReadonlyMap<Modality, CaseTruth> }

const READERS = ['J1', 'J2', 'S1', 'S2'] as const
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/**
 * A whole study of simulated people on phantoms, as `pnpm demo` makes it, in this process and without images: signed,
 * settled, unsealed and evaluated through the same procedures as any study. Twelve patients of one modality take a few
 * seconds. Synthetic phantoms; says nothing about patients.
 */
export async function aDemoStudy(
  { db, boss }: Pick<TestDatabase, 'db' | 'boss'>,
  {
    patients = 14,
    modalities = ['ct'],
    seed = 'small-demo',
    until = 'evaluated',
    model = false,
  }: DemoStudyOptions = {},
): Promise<DemoStudy> {
  const world = await aWorld(db, boss, { kind: 'demo' })
  const phantoms = Array.from({ length: patients }, (_, index) => aPhantom({ seed, index, modalities }))
  const phantomOf = await laidOut(db, world, phantoms, modalities)
  const person = (name: PersonName): DemoPerson => {
    const { userId } = world.as(name)
    const session = { userId, name, email: `${userId}@example.test`, isAdministrator: false, hasSecondFactor: true }
    return { api: inProcessClient(contextOn(db, boss, session)), pin: TEST_PIN }
  }
  const people: DemoPeople = {
    studyCode: world.studyCode,
    investigator: person('investigator'),
    coordinator: person('coordinator'),
    statistician: person('statistician'),
    modeller: person('modeller'),
    readers: READERS.map((code) => ({ ...person(code), code, group: code.startsWith('J') ? 'junior' : 'senior' })),
  }
  const quietly = () => undefined
  const drawn = { sha256, seed }
  await confirmXraySides(people, quietly)
  await numberLevels(people, quietly)
  await screenPatients(people, drawn, quietly)
  await importTruth(people, phantoms)
  await sealSplit(people)
  const here = (evaluationId?: string): DemoStudy => ({ world, people, evaluationId })
  if (until === 'sealed') return here()
  await assignCases(people)
  const cuts = cutsOf(phantoms.flatMap(({ truths }) => [...truths.values()]))
  const recognise = async ({ assignmentId, modality }: { assignmentId: string; modality: Modality }) => {
    const assignment = await asSystemIn(db, world, (wall) =>
      wall.assignment.findUniqueOrThrow({ where: { id: assignmentId } }),
    )
    const {
      person: { patientId },
      truths,
    } = phantomOf.byId(assignment.patientId)
    return { phantom: patientId, truth: truths.get(modality) ?? [] }
  }
  await readCases(people, { ...drawn, cuts, recognise }, quietly)
  await settleRooms(people, drawn, quietly)
  await deriveReference(people)
  if (until === 'read') return here()
  const { planId } = await lockPlan(people)
  if (model) await predicted(db, world, { seed, phantomOf })
  await unseal(people, planId)
  if (until === 'unsealed') return here()
  return here((await evaluateStudy(people, (runId) => performRun(db, world, runId))).evaluationId)
}

/** A model that is right more often than not: the truth, blurred by half a grade. */
async function predicted(
  db: TestDatabase['db'],
  world: World,
  { seed, phantomOf }: { seed: string; phantomOf: Awaited<ReturnType<typeof laidOut>> },
): Promise<void> {
  const allocated = await asSystemIn(db, world, (wall) =>
    wall.splitAllocation.findMany({ where: { studyId: world.studyId }, select: { patientId: true } }),
  )
  const eligible = new Set(allocated.map(({ patientId }) => patientId))
  const patients = phantomOf.rows.filter(({ patientId }) => eligible.has(patientId))
  await aPredictingModel(db, world, {
    slug: 'made-up-grader',
    patients,
    predict: (index, { level, side, feature }) => {
      const { person, truths } = phantomOf.byId(patients[index]?.patientId ?? '')
      const built = (truths.get('ct') ?? []).filter((cell) => cell.level === level && cell.side === side)
      const truth = new Map(built.map((cell) => [cell.feature, cell.grade]))
      const grade = feature === 'severity' ? severityOf(truth) : (truth.get(feature) ?? 0)
      const noise = drawsOf(sha256, seed, `model ${person.patientId} ${level} ${side} ${feature}`).normal() * 0.5
      const weights = [0, 1, 2, 3].map((at) => Math.exp(-1.8 * Math.abs(at - grade - noise)))
      const sum = weights.reduce((total, weight) => total + weight, 0)
      return weights.map((weight) => weight / sum)
    },
  })
}

/** The rule of the shipped protocol (Weishaupt): narrowing alone stops at 1, a mild erosion is grade 2, any cyst 3. */
const severityOf = (truth: ReadonlyMap<string, number>): number =>
  Math.max(
    Math.min(1, truth.get('narrowing') ?? 0),
    truth.get('osteophytes') ?? 0,
    truth.get('hypertrophy') ?? 0,
    [0, 2, 3, 3][truth.get('erosion') ?? 0] ?? 0,
    (truth.get('cyst') ?? 0) > 0 ? 3 : 0,
  )

function aPhantom({
  seed,
  index,
  modalities,
}: {
  seed: string
  index: number
  modalities: readonly Modality[]
}): Phantom {
  const draws = drawsOf(sha256, seed, `patient-${index}`)
  const person = inventPatient(draws, { sha256, seed, index })
  const grades = drawGrades(draws, { ...person, prevalence: 'natural' })
  return { person, truths: new Map(modalities.map((modality) => [modality, truthOf(grades, modality)])) }
}

/** As the rendered phantoms have it: a first small pit or cyst does not show on MR, and X-ray is not asked for either. */
function truthOf(grades: ReadonlyMap<JointId, JointGrades>, modality: Modality): CaseTruth {
  return [...grades].flatMap(([joint, built]) =>
    PHANTOM_FEATURES.filter((feature) => modality !== 'xray' || (feature !== 'erosion' && feature !== 'cyst')).map(
      (feature) => {
        const grade = built[feature]
        const visible = !(modality === 'mr' && grade === 1 && (feature === 'erosion' || feature === 'osteophytes'))
        return { ...parseJointId(joint), feature, grade, visible, cnr: visible ? 6 : 0.5 }
      },
    ),
  )
}

/** Patients and exams as an import leaves them, without their images. */
async function laidOut(
  db: TestDatabase['db'],
  world: World,
  phantoms: readonly Phantom[],
  modalities: readonly Modality[],
) {
  const { studyId } = world
  const rows = await asSystemIn(db, world, async (_wall, stores) => {
    const created = await stores.patients.create(
      studyId,
      phantoms.map(({ person: { patientId, sex, ageYears, site, clinical } }) => ({
        patientCode: codeOf(patientId),
        sex,
        ageYears,
        site,
        clinical: { ...clinical },
        birthDateHmac: null,
        imagedInPeriod: true,
      })),
    )
    const exams = await stores.exams.create(
      created.flatMap(({ patientId, patientCode }) =>
        modalities.map((modality) => ({
          studyId,
          patientId,
          modality,
          studyInstanceUid: `2.25.${BigInt(`0x${sha256(`${patientCode} ${modality}`).slice(0, 30)}`)}`,
          shiftedDate: '2014-05-06',
        })),
      ),
    )
    return created.map(({ patientId, patientCode }) => ({
      patientId,
      patientCode,
      part: 'train' as const,
      exams: Object.fromEntries(
        exams.filter((exam) => exam.patientId === patientId).map(({ modality, examId }) => [modality, examId]),
      ),
    }))
  })
  await gradableExams(db, world, rows)
  const byId = new Map(
    rows.map(({ patientId, patientCode }) => [
      patientId,
      phantoms.find(({ person }) => codeOf(person.patientId) === patientCode),
    ]),
  )
  return {
    rows,
    byId: (patientId: string): Phantom => {
      const found = byId.get(patientId)
      if (!found) throw new Error('no such phantom')
      return found
    },
  }
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** A code of the right form; the keyed one belongs to imports. */
const codeOf = (patientId: string): string =>
  `P${Array.from({ length: 10 }, (_, index) => CROCKFORD[Number.parseInt(sha256(patientId).slice(index * 2, index * 2 + 2), 16) % 32]).join('')}`

async function importTruth({ coordinator, studyCode }: DemoPeople, phantoms: readonly Phantom[]): Promise<void> {
  const truth = phantoms.flatMap(({ person: { patientId }, truths }, index) =>
    [...truths].map(([modality, cells]) => ({
      row: index + 2,
      patientCode: codeOf(patientId),
      modality,
      cells: [...cells],
    })),
  )
  await coordinator.api.phantomTruth.import.mutate({ studyCode, truth })
}
