import { existsSync, renameSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { assignCases, deriveReference, endReader, lockPlan, sealSplit, unseal } from '@facetgrade/demo/conclude-study'
import type { DemoPeople, DemoPerson, OnProgress } from '@facetgrade/demo/demo-people'
import { evaluateStudy } from '@facetgrade/demo/evaluate-study'
import { confirmXraySides, numberLevels, screenPatients } from '@facetgrade/demo/prepare-patients'
import { type OpenCase, readCases } from '@facetgrade/demo/read-cases'
import { runGraders } from '@facetgrade/demo/run-models'
import { settleRooms } from '@facetgrade/demo/settle-rooms'
import { createKeyFile, openStudyKey } from '@facetgrade/dicom/study-key'
import type { Part } from '@facetgrade/grading/part'
import type { CliContext } from '../cli-context.ts'
import { importFolder } from '../commands/import.ts'
import { readKeyFile, writeKeyFile } from '../key-file.ts'
import { writeCohort } from '../phantom-cohort.ts'
import { RefusedError } from '../refusal.ts'
import { inviteVisitors, simulatedApi } from './demo-people.ts'
import type { DemoState, Simulated } from './demo-state.ts'
import { openPhantomFolder, type PhantomFolder } from './phantom-folder.ts'
import { registerShippedModels } from './shipped-models.ts'

export type Work = {
  context: CliContext
  folder: string
  state: DemoState
  people: DemoPeople
  drawn: { sha256: (text: string) => string; seed: string }
  progress: (unit: string, work: (onProgress: OnProgress) => Promise<unknown>) => Promise<void>
}
type Step = { name: string; title: string; work: (work: Work) => Promise<void> }

/** Phantoms of a folder of their own, so that latecomers are other people than the first. */
type Cohort = { folder: string; seed: string; patients: number }
const LATECOMERS = 3
const LEAVING = 'J2'

const sides = ({ people, progress }: Work) => progress('images', (onProgress) => confirmXraySides(people, onProgress))
const levels = ({ people, progress }: Work) => progress('patients', (onProgress) => numberLevels(people, onProgress))
const screening = ({ people, drawn, progress }: Work) =>
  progress('looks', (onProgress) => screenPatients(people, drawn, onProgress))
const assignments = async ({ people }: Work) => {
  await assignCases(people)
}
const rooms = ({ people, drawn, progress }: Work) =>
  progress('rooms', (onProgress) => settleRooms(people, drawn, onProgress))

/** In the order of a study. Each can be begun again: what it did stands, and it does what is missing. */
export const STEPS = [
  { name: 'phantoms', title: 'make phantom patients', work: (work) => makePhantoms(work, cohortOf(work)) },
  { name: 'import', title: 'pseudonymise and import them', work: (work) => importPhantoms(work, cohortOf(work)) },
  { name: 'sides', title: 'confirm the sides of the X-rays', work: sides },
  { name: 'levels', title: 'number the levels', work: levels },
  { name: 'screening', title: 'screen, twice each', work: screening },
  { name: 'split', title: 'seal the split', work: ({ people }) => sealSplit(people) },
  { name: 'assignments', title: 'hand out the cases', work: assignments },
  { name: 'reading', title: 'four simulated readers grade and sign', work: (work) => read(work, cohortOf(work)) },
  { name: 'adjudication', title: 'pairs settle what they differ on', work: rooms },
  { name: 'reference', title: 'derive the reference standard', work: ({ people }) => deriveReference(people) },
  { name: 'models', title: 'register the shipped models and run them on training and validation', work: startModels },
  {
    name: 'plan',
    title: 'lock the analysis plan',
    work: async ({ people }) => {
      await lockPlan(people)
    },
  },
  {
    name: 'predictions',
    title: "predict the test part, on the investigator's order",
    work: (work) => predict(work, work.people.investigator, ['test']),
  },
  {
    name: 'unsealing',
    title: 'unseal the test part',
    work: async ({ people }) => {
      const { planId } = await lockPlan(people)
      await unseal(people, planId)
    },
  },
  {
    name: 'evaluation',
    title: 'evaluate',
    work: async ({ people }) => {
      await evaluateStudy(people)
    },
  },
  { name: 'visitors', title: 'let latecomers in, for a visiting reader to grade', work: welcome },
] as const satisfies readonly Step[]

const cohortOf = ({ folder, state }: Work): Cohort => ({
  folder: join(folder, 'phantoms'),
  seed: state.seed,
  patients: state.patients,
})
const latecomersOf = ({ folder, state }: Work): Cohort => ({
  folder: join(folder, 'latecomers'),
  seed: `${state.seed}-late`,
  patients: LATECOMERS,
})
const keyOf = ({ folder }: Work): string => join(folder, 'study.key')

async function makePhantoms({ context, state }: Work, { folder, seed, patients }: Cohort): Promise<void> {
  // A folder is given its name when it is whole.
  if (existsSync(folder)) return
  const { modalities, size, prevalence } = state
  await writeCohort(silent(context), {
    folder,
    threads: availableParallelism(),
    settings: { seed, patients, modalities, size, prevalence },
  })
}

async function importPhantoms(work: Work, { folder }: Cohort): Promise<void> {
  const { context, state } = work
  if (!existsSync(keyOf(work))) writeKeyFile(keyOf(work), createKeyFile(new Date().toISOString()))
  const from = (name: string) => join(folder, name)
  // The folder's own description is no image, and no table of the study either.
  if (existsSync(from('phantom.json'))) renameSync(from('phantom.json'), `${folder}.json`)
  await importFolder(acting(context, state, 'coordinator'), folder, {
    study: state.studyCode,
    keyFile: keyOf(work),
    clinical: from('patients.csv'),
    confirm: true,
    truth: from('truth.csv'),
    points: from('points.json'),
  })
}

async function read(work: Work, cohort: Cohort, people: DemoPeople = work.people): Promise<void> {
  const { state, drawn, progress } = work
  const key = openStudyKey(readKeyFile(keyOf(work)), state.studyCode)
  const phantoms = openPhantomFolder(cohort.folder, key)
  // Latecomers are graded by the same yardstick as the first.
  const { cuts } = openPhantomFolder(cohortOf(work).folder, key)
  await progress('patients seen', (onProgress) => phantoms.memorise(onProgress))
  await progress('readings', (onProgress) =>
    readCases(people, { ...drawn, cuts, recognise: (open) => recognise(state, phantoms, open) }, onProgress),
  )
}

async function startModels(work: Work): Promise<void> {
  const registered = await registerShippedModels(work.state)
  if (registered.length === 0) work.context.say('No model is shipped: the evaluation compares the readers alone.')
  else await predict(work, work.people.modeller, ['train', 'validation'])
}

async function predict({ context, people, progress }: Work, person: DemoPerson, parts: readonly Part[]): Promise<void> {
  await progress('exams', async (onProgress) => {
    for (const { model, exams, failed } of await runGraders(people, person, parts, onProgress)) {
      if (failed > 0)
        context.say(`${failed} of ${exams} exams came to nothing with ${model}: see its run in the portal.`)
    }
  })
}

/**
 * A few patients come after the evaluation, into training or validation as the seal says, and one junior has left: the
 * visiting reader takes that place. The others have read by then, so the visitor's signature opens a room.
 */
async function welcome(work: Work): Promise<void> {
  const { people, state, drawn } = work
  const latecomers = latecomersOf(work)
  await makePhantoms(work, latecomers)
  await importPhantoms(work, latecomers)
  await sides(work)
  await levels(work)
  await screening(work)
  await endReader(people, LEAVING, 'Has left the hospital; a visitor of the demonstration takes the place.')
  await inviteVisitors(state)
  await assignments(work)
  const staying = people.readers.filter(({ code }) => code !== LEAVING)
  await read(work, latecomers, { ...people, readers: staying })
  const seniors = staying.filter(({ group }) => group === 'senior')
  await settleRooms({ ...people, readers: seniors }, drawn, () => undefined)
}

/** A simulated reader looks at the case's first image, through the reader's own door, and knows the phantom by it. */
async function recognise(
  { address, studyCode, people }: DemoState,
  phantoms: PhantomFolder,
  { reader, assignmentId, modality, series }: OpenCase,
): ReturnType<Parameters<typeof readCases>[1]['recognise']> {
  const path = `/api/cases/${assignmentId}/series/${series}/frames/0?study=${studyCode}`
  const token = people[reader.code as Simulated]?.token ?? ''
  const response = await fetch(new URL(path, address), { headers: { authorization: `Bearer ${token}` } })
  const found = response.ok ? phantoms.phantomOf(new Uint8Array(await response.arrayBuffer()), modality) : undefined
  if (!found) {
    throw new RefusedError(
      'CASE_UNKNOWN',
      `A case of ${reader.code} shows no phantom of this demo (answer ${response.status}).`,
    )
  }
  return found
}

/** The same shell as another person, with the result kept to itself. */
function acting(context: CliContext, state: DemoState, simulated: Simulated): CliContext {
  const token = state.people[simulated]?.token ?? ''
  return { ...silent(context), token: () => token, api: () => simulatedApi(state, simulated) }
}

const silent = (context: CliContext): CliContext => ({ ...context, done: () => undefined })
