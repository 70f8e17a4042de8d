import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { assignCases, deriveReference, lockPlan, sealSplit, unseal } from '@facetgrade/demo/conclude-study'
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
import { demoPeople, gatherPeople, inviteVisitors, simulatedApi, type Visitor } from './demo-people.ts'
import { type DemoSettings, type DemoState, openState, type Simulated, stateFile } from './demo-state.ts'
import { openPhantomFolder, type PhantomFolder } from './phantom-folder.ts'
import { registerShippedModels } from './shipped-models.ts'

export type DemoResult = {
  address: string
  studyCode: string
  /** Null when the demo was to stop before. */
  evaluationId: string | null
  visitors: Visitor[]
  /** Personal tokens and PINs of the simulated people, readable by this user alone. */
  peopleFile: string
  seconds: Record<string, number>
}
type Work = {
  context: CliContext
  folder: string
  state: DemoState
  people: DemoPeople
  drawn: { sha256: (text: string) => string; seed: string }
  progress: (unit: string, work: (onProgress: OnProgress) => Promise<unknown>) => Promise<void>
}
/** Where a demo can stop; in the order of a study. */
export const STEP_NAMES = [
  'phantoms',
  'import',
  'sides',
  'levels',
  'screening',
  'split',
  'assignments',
  'reading',
  'adjudication',
  'reference',
  'models',
  'plan',
  'predictions',
  'unsealing',
  'evaluation',
] as const
type StepName = (typeof STEP_NAMES)[number]
type Step = { name: Exclude<StepName, 'evaluation'>; title: string; work: (work: Work) => Promise<void> }

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** In the order of a study. Each can be begun again: what it did stands, and it does what is missing. */
const STEPS: readonly Step[] = [
  { name: 'phantoms', title: 'make phantom patients', work: makePhantoms },
  { name: 'import', title: 'pseudonymise and import them', work: importPhantoms },
  {
    name: 'sides',
    title: 'confirm the sides of the X-rays',
    work: ({ people, progress }) => progress('images', (onProgress) => confirmXraySides(people, onProgress)),
  },
  {
    name: 'levels',
    title: 'number the levels',
    work: ({ people, progress }) => progress('patients', (onProgress) => numberLevels(people, onProgress)),
  },
  {
    name: 'screening',
    title: 'screen, twice each',
    work: ({ people, drawn, progress }) => progress('looks', (onProgress) => screenPatients(people, drawn, onProgress)),
  },
  { name: 'split', title: 'seal the split', work: ({ people }) => sealSplit(people) },
  {
    name: 'assignments',
    title: 'hand out the cases',
    work: async ({ people }) => {
      await assignCases(people)
    },
  },
  { name: 'reading', title: 'four simulated readers grade and sign', work: read },
  {
    name: 'adjudication',
    title: 'pairs settle what they differ on',
    work: ({ people, drawn, progress }) => progress('rooms', (onProgress) => settleRooms(people, drawn, onProgress)),
  },
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
]

/**
 * A whole study on phantoms, by simulated people through the API of the installation, up to an evaluation. An
 * interrupted demo goes on where it was; a finished one only answers where it is and how to come in.
 */
export async function makeDemo(
  context: CliContext,
  { folder, until }: { folder: string; until: StepName },
  settings: DemoSettings,
): Promise<DemoResult> {
  const { state, save } = openState(folder, settings)
  const seconds: Record<string, number> = {}
  const steps = STEPS.length + 2
  const announce = (index: number, title: string) => context.say(`${index} of ${steps}: ${title}`)
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now()
    const result = await work()
    seconds[name] = Math.round((performance.now() - started) / 100) / 10
    return result
  }
  announce(1, 'found the study and bring its simulated people in')
  await timed('people', () => gatherPeople(context.api(), state, save))
  const people = demoPeople(state)
  const work: Work = {
    context,
    folder,
    state,
    people,
    drawn: { sha256, seed: settings.seed },
    async progress(unit, of) {
      let bar: ReturnType<CliContext['progress']> | undefined
      await of((done, total) => {
        bar ??= context.progress({ total, unit })
        bar.at(done)
      })
      bar?.end()
    },
  }
  const result = { address: state.address, studyCode: state.studyCode, peopleFile: stateFile(folder), seconds }
  for (const [index, { name, title, work: run }] of STEPS.entries()) {
    if (!state.done.includes(name)) {
      announce(index + 2, title)
      await timed(name, () => run(work))
      state.done.push(name)
      save()
    }
    if (name === until) return { ...result, evaluationId: null, visitors: [] }
  }
  announce(steps, 'evaluate')
  const { evaluationId } = await timed('evaluation', () => evaluateStudy(people))
  const visitors = await inviteVisitors(state)
  // The visiting reader has cases to grade; the evaluation is of the readers who had signed.
  await assignCases(people)
  return { ...result, evaluationId, visitors }
}

const phantomsOf = (folder: string): string => join(folder, 'phantoms')
const keyOf = (folder: string): string => join(folder, 'study.key')

async function makePhantoms({ context, folder, state }: Work): Promise<void> {
  if (existsSync(join(phantomsOf(folder), 'phantom.json'))) return
  await writeCohort(silent(context), {
    folder: phantomsOf(folder),
    threads: availableParallelism(),
    settings: {
      seed: state.seed,
      patients: state.patients,
      modalities: state.modalities,
      size: state.size,
      prevalence: state.prevalence,
    },
  })
}

async function importPhantoms({ context, folder, state }: Work): Promise<void> {
  if (!existsSync(keyOf(folder))) writeKeyFile(keyOf(folder), createKeyFile(new Date().toISOString()))
  const from = (name: string) => join(phantomsOf(folder), name)
  await importFolder(acting(context, state, 'coordinator'), phantomsOf(folder), {
    study: state.studyCode,
    keyFile: keyOf(folder),
    clinical: from('patients.csv'),
    confirm: true,
    truth: from('truth.csv'),
    points: from('points.json'),
  })
}

async function read({ folder, state, people, drawn, progress }: Work): Promise<void> {
  const key = openStudyKey(readKeyFile(keyOf(folder)), state.studyCode)
  const phantoms = openPhantomFolder(phantomsOf(folder), key)
  await progress('patients seen', (onProgress) => phantoms.memorise(onProgress))
  await progress('readings', (onProgress) =>
    readCases(
      people,
      { ...drawn, cuts: phantoms.cuts, recognise: (open) => recognise(state, phantoms, open) },
      onProgress,
    ),
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
