import { availableParallelism } from 'node:os'
import type { DicomModality } from '@facetgrade/phantom/exam-context'
import { PREVALENCES, type Prevalence } from '@facetgrade/phantom/joint-grades'
import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { writeCohort } from '../phantom-cohort.ts'
import { UsageError } from '../refusal.ts'

type Options = {
  patients: string
  seed: string
  out: string
  modalities: string
  prevalence: string
  threads?: string
  compact?: true
}

const MODALITIES = ['CT', 'MR', 'DX'] as const
const MOST_PATIENTS = 100_000
const MOST_THREADS = 256
const SEED = /^[\w.-]{1,64}$/

/** Images with known grades and no patient behind them. */
export function registerPhantom(program: Command, context: CliContext): void {
  program
    .command('phantom')
    .description('make a cohort of synthetic patients with known grades: DICOM, clinical table, truth and points')
    .requiredOption('--patients <n>', `how many, 1 to ${MOST_PATIENTS}`)
    .requiredOption('--seed <text>', 'the same seed gives the same bytes')
    .requiredOption('--out <folder>', 'a new or empty folder')
    .option('--modalities <list>', 'any of CT, MR and DX, with commas between', 'CT,MR,DX')
    .option('--compact', 'smaller field of view and coarser images: about a tenth of the time and space')
    .option('--prevalence <kind>', 'natural, or balanced for training: every grade about equally often', 'natural')
    .option('--threads <n>', 'worker threads (default: one a processor); the result does not depend on it')
    .action((options: Options) =>
      writeCohort(context, {
        folder: options.out,
        threads: wholeNumber('--threads', options.threads ?? String(availableParallelism()), MOST_THREADS),
        settings: {
          seed: seedOf(options.seed),
          patients: wholeNumber('--patients', options.patients, MOST_PATIENTS),
          modalities: modalitiesOf(options.modalities),
          size: options.compact ? 'compact' : 'full',
          prevalence: prevalenceOf(options.prevalence),
        },
      }),
    )
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || value > most)
    throw new UsageError(`${option} is a whole number from 1 to ${most}`)
  return value
}

function seedOf(text: string): string {
  if (!SEED.test(text)) throw new UsageError('--seed is 1 to 64 letters, digits, dots, hyphens or underscores')
  return text
}

function modalitiesOf(text: string): DicomModality[] {
  const wanted = text.split(',').map((name) => name.trim().toUpperCase())
  if (wanted.length !== new Set(wanted).size || wanted.some((name) => !MODALITIES.some((known) => known === name)))
    throw new UsageError('--modalities is any of CT, MR and DX, each once, with commas between')
  // In one order, so that the same choice gives the same files however it was written.
  return MODALITIES.filter((name) => wanted.includes(name))
}

function prevalenceOf(text: string): Prevalence {
  const found = PREVALENCES.find((name) => name === text)
  if (found === undefined) throw new UsageError(`--prevalence is ${PREVALENCES.join(' or ')}`)
  return found
}
