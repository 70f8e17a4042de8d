import { asSystemIn } from './behind-the-wall.ts'
import { adjudicateAll, aReadStudy, evaluateNow, performRun, unsealWithDefaultPlan } from './evaluated-study.ts'
import { gradableExams } from './gradable-exams.ts'
import { modelRecords } from './model-records.ts'
import type { TestDatabase } from './postgres-fixture.ts'
import { graded } from './signed-readings.ts'
import { aWorld, type PersonName, type World } from './study-world.ts'

/** Where the second reader of each pair sees one grade more. */
const DISPUTED = { J1: undefined, J2: 'L4L5', S1: undefined, S2: 'L3L4' } as const

type Objects = Readonly<Record<string, string | undefined>>
export type WalkedWorld = World & { objectsOf(person: PersonName): Promise<Objects> }

/** A study that went the whole way, so that it holds one of every object a procedure can name. */
export async function aWalkedWorld({ db, boss }: Pick<TestDatabase, 'db' | 'boss'>): Promise<WalkedWorld> {
  const world = await aWorld(db, boss)
  const { studyId, studyCode } = world
  const patients = await aReadStudy(db, world, {
    roster: [
      { part: 'train', modalities: ['ct'] },
      { part: 'test', modalities: ['ct'] },
      { part: 'test', modalities: ['ct', 'xray'] },
    ],
    answer: (reader, patient, cell) => graded((patient + Number(cell.level === DISPUTED[reader])) % 3),
  })
  await gradableExams(db, world, patients)
  await adjudicateAll(world, ['J1', 'J2'], ([first]) => first ?? graded(0))
  await adjudicateAll(world, ['S1', 'S2'], ([first]) => first ?? graded(0))
  await world.as('investigator').caller.reference.derive({ studyCode })
  const { planId } = await unsealWithDefaultPlan(world)
  await evaluateNow(db, world)
  const dryRun = await world.as('statistician').caller.evaluation.dryRun({ studyCode, planId })
  await performRun(db, world, dryRun.runId)
  await world.as('statistician').caller.exports.createBundle({ studyCode, isBlinded: false })
  const train = patients.flatMap(({ patientId, part, exams }) =>
    part === 'train' && exams.ct !== undefined ? [{ patientId, part, examId: exams.ct }] : [],
  )
  await modelRecords(db, world, train)
  await asSystemIn(db, world, async (wall) => {
    const returned = await wall.assignment.findFirstOrThrow({ where: { studyId, memberId: world.as('J2').memberId } })
    await wall.assignment.update({
      where: { id: returned.id },
      data: { returnedAt: new Date(), returnReason: 'numbering' },
    })
    await wall.import.create({
      data: {
        studyId,
        createdBy: world.as('coordinator').userId,
        source: 'cli',
        keyFingerprint: '0'.repeat(32),
        fileCount: 1,
        rosterMac: '0'.repeat(64),
      },
    })
  })
  return { ...world, objectsOf: (person) => objectsOf(db, world, person) }
}

async function objectsOf(db: TestDatabase['db'], world: World, name: PersonName): Promise<Objects> {
  const { studyId } = world
  const { memberId, role } = world.as(name)
  const mine = role === 'reader' ? { studyId, memberId } : { studyId }
  const pair = role === 'reader' ? { studyId, memberIds: { has: memberId } } : { studyId }
  return asSystemIn(db, world, async (wall) => {
    const room = await wall.adjudicationRoom.findFirst({ where: pair })
    return {
      assignment: (await wall.assignment.findFirst({ where: mine }))?.id,
      bundle: (await wall.bundle.findFirst({ where: { studyId } }))?.id,
      evaluation: (await wall.evaluation.findFirst({ where: { studyId } }))?.id,
      exam: (await wall.exam.findFirst({ where: { studyId } }))?.id,
      import: (await wall.import.findFirst({ where: { studyId } }))?.id,
      instance: (
        await wall.instance.findFirst({
          where: {
            studyId,
            examId: { in: (await wall.exam.findMany({ where: { studyId, modality: 'xray' } })).map(({ id }) => id) },
          },
        })
      )?.id,
      'invited-member': world.as('monitor').memberId,
      item: room ? (await wall.adjudicationItem.findFirst({ where: { roomId: room.id } }))?.id : undefined,
      member: world.as('monitor').memberId,
      model: (await wall.model.findFirst({ where: { studyId, kind: 'grader' } }))?.id,
      'model-run': (
        await wall.modelRun.findFirst({
          where: { studyId, purpose: role === 'coordinator' ? 'propose_points' : 'predict' },
        })
      )?.id,
      'dry-run': (await wall.dryRun.findFirst({ where: { studyId } }))?.id,
      'evaluation-run': (await wall.evaluationRun.findFirst({ where: { studyId } }))?.id,
      patient: (await wall.patient.findFirst({ where: { studyId } }))?.id,
      person: world.as('monitor').userId,
      'point-proposal': (await wall.pointProposal.findFirst({ where: { studyId } }))?.id,
      'prediction-record': (await wall.inferenceRecord.findFirst({ where: { studyId } }))?.id,
      plan: (await wall.analysisPlan.findFirst({ where: { studyId } }))?.id,
      reading: (await wall.reading.findFirst({ where: mine }))?.id,
      'returned-case': (await wall.assignment.findFirst({ where: { studyId, returnedAt: { not: null } } }))?.id,
      room: room?.id,
      study: world.studyCode,
    }
  })
}
