import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PREVALENCES } from '@facetgrade/phantom/joint-grades'
import { z } from 'zod'
import { RefusedError } from '../refusal.ts'
import { DemoCredentials } from './sign-up.ts'

/** Who simulates the study; the four readers in the order of their codes. */
export const SIMULATED = ['investigator', 'coordinator', 'statistician', 'modeller', 'J1', 'J2', 'S1', 'S2'] as const
export type Simulated = (typeof SIMULATED)[number]

const State = z.strictObject({
  format: z.literal('facetgrade-demo/1'),
  address: z.url(),
  studyCode: z.string(),
  seed: z.string(),
  patients: z.int(),
  modalities: z.array(z.enum(['CT', 'MR', 'DX'])),
  size: z.enum(['compact', 'full']),
  kind: z.enum(['demo', 'synthetic']),
  prevalence: z.enum(PREVALENCES),
  people: z.partialRecord(z.enum(SIMULATED), DemoCredentials),
  /** Steps that are done; an interrupted demo goes on after them. */
  done: z.array(z.string()),
})
export type DemoState = z.infer<typeof State>
export type DemoSettings = Omit<DemoState, 'format' | 'people' | 'done'>

export const stateFile = (folder: string): string => join(folder, 'state.json')

/**
 * The folder of one demo study: its key, phantoms and simulated people. What was begun with other settings is not gone
 * on with under these.
 *
 * @throws {RefusedError} DEMO_DIFFERS, DEMO_STATE_BROKEN
 */
export function openState(folder: string, settings: DemoSettings): { state: DemoState; save: () => void } {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = stateFile(folder)
  const state: DemoState = existsSync(file)
    ? begun(file, settings)
    : { format: 'facetgrade-demo/1', ...settings, people: {}, done: [] }
  return {
    state,
    save() {
      writeFileSync(`${file}.new`, JSON.stringify(state, null, 2), { mode: 0o600 })
      renameSync(`${file}.new`, file)
    },
  }
}

function begun(file: string, settings: DemoSettings): DemoState {
  const parsed = State.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!parsed.success) {
    throw new RefusedError(
      'DEMO_STATE_BROKEN',
      `${file} is not what this command wrote. Remove its folder and name another study with --study.`,
    )
  }
  const known = parsed.data
  const differs = (['address', 'seed', 'patients', 'size', 'kind', 'prevalence'] as const).filter(
    (name) => known[name] !== settings[name],
  )
  if (known.modalities.join() !== settings.modalities.join()) {
    throw differing(settings, 'modalities')
  }
  const [first] = differs
  if (first) throw differing(settings, first)
  return known
}

const differing = ({ studyCode }: DemoSettings, what: string): RefusedError =>
  new RefusedError(
    'DEMO_DIFFERS',
    `The demo study ${studyCode} was begun with another setting (${what}). Say the same again to go on with it, or begin another one with --study.`,
  )
