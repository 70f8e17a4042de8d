import { createHash } from 'node:crypto'
import { evaluateStudy } from '@facetgrade/demo/evaluate-study'
import type { CliContext } from '../cli-context.ts'
import { demoPeople, gatherPeople, inviteVisitors, type Visitor } from './demo-people.ts'
import { type DemoSettings, openState, stateFile } from './demo-state.ts'
import { STEPS, type Work } from './demo-steps.ts'

export type DemoResult = {
  address: string
  studyCode: string
  /** Null when the demo was to stop before. */
  evaluationId: string | null
  visitors: Visitor[]
  /** Personal tokens and PINs of the simulated people, readable by this user alone. */
  peopleFile: string
  /** Of the steps that this call took. */
  seconds: Record<string, number>
}

/** Where a demo can stop; in the order of a study. */
export const STEP_NAMES = STEPS.map(({ name }) => name)
export type StepName = (typeof STEPS)[number]['name']

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
  const announce = (index: number, title: string) => {
    context.say(`${index} of ${STEPS.length + 1}: ${title}`)
  }
  const timed = async (name: string, work: () => Promise<void>): Promise<void> => {
    const started = performance.now()
    await work()
    seconds[name] = Math.round((performance.now() - started) / 100) / 10
  }
  announce(1, 'found the study and bring its simulated people in')
  await timed('people', () => gatherPeople(context.api(), state, save))
  const people = demoPeople(state)
  const drawn = { sha256: (text: string): string => createHash('sha256').update(text).digest('hex'), seed: state.seed }
  const work: Work = { context, folder, state, people, drawn, progress: progressOn(context) }
  const result = { address: state.address, studyCode: state.studyCode, peopleFile: stateFile(folder), seconds }
  for (const [index, { name, title, work: run }] of STEPS.entries()) {
    if (!state.done.includes(name)) {
      announce(index + 2, title)
      await timed(name, () => run(work))
      state.done.push(name)
      save()
    }
    if (name === until) break
  }
  const isDone = (name: StepName) => state.done.includes(name)
  const evaluationId = isDone('evaluation') ? (await evaluateStudy(people)).evaluationId : null
  return { ...result, evaluationId, visitors: isDone('visitors') ? await inviteVisitors(state) : [] }
}

/** A bar that is there once something is known to be done. */
function progressOn(context: CliContext): Work['progress'] {
  return async (unit, work) => {
    let bar: ReturnType<CliContext['progress']> | undefined
    await work((done, total) => {
      bar ??= context.progress({ total, unit })
      bar.at(done)
    })
    bar?.end()
  }
}
