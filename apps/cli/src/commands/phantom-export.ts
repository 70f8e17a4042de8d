import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { canonicalJson } from '@facetgrade/grading/canonical-json'
import { FEATURES } from '@facetgrade/grading/feature'
import { MODALITIES, Modality, modalityOfDicom } from '@facetgrade/grading/modality'
import { scaleOf } from '@facetgrade/grading/protocol-cells'
import { splitRoster } from '@facetgrade/grading/split'
import { StudyCode } from '@facetgrade/grading/study-code'
import { type ExportHead, type ExportPatient, ExportRefusal } from '@facetgrade/inference/export-patient'
import { writeTrainingExport } from '@facetgrade/inference/node-training-export'
import { protocolHash } from '@facetgrade/study/protocol/protocol-hash'
import { shippedProtocol } from '@facetgrade/study/studies/shipped-protocol'
import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { openPhantomCohort, type PhantomCohort, type PhantomPerson } from '../phantom-cohort-export.ts'
import { RefusedError, UsageError } from '../refusal.ts'

type Options = { out: string; trainOnly?: string; study: string; seed: string; train: string; modalities: string }
type Placed = { readonly cohort: PhantomCohort; readonly person: PhantomPerson; readonly part: 'train' | 'validation' }

/** The way of the shipped models: from phantoms straight to a training export, without a study on a server. */
export function registerPhantomExport(program: Command, context: CliContext): void {
  program
    .command('phantom-export')
    .argument(
      '<folder>',
      'a cohort that `facetgrade phantom` wrote; its patients are split into training and validation',
    )
    .description('a training export of phantoms with their truth, without a study')
    .requiredOption('--out <folder>', 'a new folder')
    .option('--train-only <folder>', 'another cohort, all of it for training (balanced grades, for example)')
    .option('--study <code>', 'the name that the export and its models carry', 'phantoms')
    .option('--seed <text>', 'of the split', 'phantoms')
    .option('--train <share>', 'share of the first cohort that trains, per cent; the rest is validation', '60')
    .option('--modalities <list>', 'any of CT, MR and DX, with commas between', 'CT,MR,DX')
    .action((folder: string, options: Options) => exportPhantoms(context, folder, options))
}

async function exportPhantoms(context: CliContext, folder: string, options: Options): Promise<void> {
  const studyCode = StudyCode.safeParse(options.study)
  if (!studyCode.success) throw new UsageError('--study is lower case letters, digits and hyphens, at most 24')
  const share = Number(options.train)
  if (!Number.isInteger(share) || share < 1 || share > 99)
    throw new UsageError('--train is a whole number from 1 to 99')
  if (existsSync(options.out)) throw new UsageError(`${options.out} exists: name a new folder`)
  const modalities = modalitiesOf(options.modalities)
  const first = openPhantomCohort(folder, studyCode.data)
  const second = options.trainOnly === undefined ? undefined : openPhantomCohort(options.trainOnly, studyCode.data)
  const { seal, placed } = place({ first, second, share, seed: options.seed })
  const progress = context.progress({ total: placed.length, unit: 'patients' })
  try {
    const summary = await writeTrainingExport({
      folder: options.out,
      head: headOf(studyCode.data, seal, placed, modalities),
      patients: patientsOf(placed, modalities),
      onPatient: (done) => {
        progress.at(done)
      },
    })
    progress.end()
    const joints = Object.entries(summary.joints).map(([modality, count]) => `${count} joints on ${modality}`)
    context.done(
      summary,
      [
        `${summary.patients.train} training and ${summary.patients.validation} validation patients, ${joints.join(', ')}`,
        ...Object.entries(summary.leftOut).map(([reason, count]) => `left out ${count}: ${reason}`),
        'Synthetic phantoms; says nothing about patients.',
        `data hash ${summary.dataHash}`,
      ].join('\n'),
    )
  } catch (error) {
    throw error instanceof ExportRefusal ? new RefusedError(error.code, error.message) : error
  }
}

type Cohorts = { first: PhantomCohort; second: PhantomCohort | undefined; share: number; seed: string }

/** The product's own draw; the seal covers it and names the patients who were given to training whole. */
function place({ first, second, share, seed }: Cohorts): { seal: string; placed: Placed[] } {
  const split = splitRoster(sha256, {
    seed: sha256(seed),
    protocolVersion: 1,
    ratios: { train: share, validation: 100 - share, test: 0 },
    roster: first.people.map(({ patientCode }) => ({ patientCode, stratum: 'phantoms' })),
  })
  const parts = new Map(split.allocations.map(({ patientCode, part }) => [patientCode, part]))
  const drawn = first.people.map((person): Placed => {
    const part = parts.get(person.patientCode) === 'validation' ? 'validation' : 'train'
    return { cohort: first, person, part }
  })
  const whole = (second?.people ?? []).map((person): Placed => ({ cohort: second ?? first, person, part: 'train' }))
  const trainOnly = whole.map(({ person }) => person.patientCode)
  return { seal: sha256(canonicalJson({ split, trainOnly })), placed: [...drawn, ...whole] }
}

function headOf(studyCode: string, splitSeal: string, placed: readonly Placed[], modalities: Modality[]): ExportHead {
  const cutOffs = (modality: Modality): Record<string, number> => ({
    ...Object.fromEntries(
      FEATURES.map((feature) => [feature, (scaleOf(shippedProtocol, modality, feature)?.length ?? 1) - 1]),
    ),
    severity: shippedProtocol.severity.levels.length - 1,
  })
  const size = (part: string): number => placed.filter((one) => one.part === part).length
  return {
    studyCode,
    studyKind: 'synthetic',
    splitSeal,
    protocol: { version: 1, hash: protocolHash(shippedProtocol) },
    labels: 'phantom-truth',
    modalities,
    partSizes: { train: size('train'), validation: size('validation'), test: 0 },
    cutOffs: { ct: cutOffs('ct'), mr: cutOffs('mr'), xray: cutOffs('xray') },
  }
}

async function* patientsOf(placed: readonly Placed[], modalities: Modality[]): AsyncGenerator<ExportPatient> {
  for (const { cohort, person, part } of placed) yield await cohort.read(person, part, modalities)
}

function modalitiesOf(list: string): Modality[] {
  return list.split(',').map((word) => {
    const found = modalityOfDicom(word.trim().toUpperCase()) ?? Modality.safeParse(word.trim().toLowerCase()).data
    if (!found || !MODALITIES.includes(found)) throw new UsageError('--modalities is a list of CT, MR, DX')
    return found
  })
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
