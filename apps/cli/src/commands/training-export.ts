import { readdir } from 'node:fs/promises'
import { MODALITIES, Modality, modalityOfDicom } from '@facetgrade/grading/modality'
import type { ExportExam, ExportHead, ExportPatient } from '@facetgrade/inference/export-patient'
import { ExportRefusal } from '@facetgrade/inference/export-patient'
import { neededInstances } from '@facetgrade/inference/needed-instances'
import { writeTrainingExport } from '@facetgrade/inference/node-training-export'
import { LabelSource } from '@facetgrade/study/training-export/begin-export'
import type { ExportedPatient } from '@facetgrade/study/training-export/export-cases'
import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { fetchInstances } from '../fetch-instances.ts'
import { RefusedError, UsageError } from '../refusal.ts'
import { studyOf } from '../study-option.ts'

type Options = { study: string; out: string; labels: string; modalities?: string }

export function registerTrainingExport(program: Command, context: CliContext): void {
  program
    .command('training-export')
    .description('crops, labels and pictures of training and validation patients as arrays; never a test patient')
    .requiredOption('--study <code>')
    .requiredOption('--out <folder>', 'a new folder')
    .option('--labels <source>', `whose grades teach: ${LabelSource.options.join(', ')}`, 'readers')
    .option('--modalities <list>', 'CT,MR,DX; default all of the protocol')
    .action((options: Options) => exportTraining(context, options))
}

async function exportTraining(context: CliContext, options: Options): Promise<void> {
  const studyCode = studyOf(options)
  const labels = LabelSource.safeParse(options.labels)
  if (!labels.success) throw new UsageError(`--labels is one of ${LabelSource.options.join(', ')}`)
  await refuseExisting(options.out)
  const asked = { studyCode, labels: labels.data, modalities: modalitiesOf(options.modalities) }
  const head: ExportHead = await context.api().trainingExport.begin.mutate(asked)
  const { train, validation } = head.partSizes
  const progress = context.progress({ total: train + validation, unit: 'patients' })
  try {
    const summary = await writeTrainingExport({
      folder: options.out,
      head,
      patients: patientsOf(context, asked),
      onPatient: (done) => {
        progress.at(done)
      },
    })
    progress.end()
    const joints = Object.entries(summary.joints).map(([modality, count]) => `${count} joints on ${modality}`)
    const leftOut = Object.entries(summary.leftOut).map(([reason, count]) => `left out ${count}: ${reason}`)
    context.done(
      { ...summary, head },
      [
        `${summary.patients.train} training and ${summary.patients.validation} validation patients, ${joints.join(', ')}`,
        ...leftOut,
        ...(head.studyKind === 'real' ? [] : ['Synthetic phantoms; says nothing about patients.']),
        `data hash ${summary.dataHash}`,
      ].join('\n'),
    )
  } catch (error) {
    if (error instanceof ExportRefusal) throw new RefusedError(error.code, error.message)
    throw error
  }
}

async function refuseExisting(folder: string): Promise<void> {
  const files = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new UsageError(`${folder} is not a folder`)
  })
  if (files !== undefined) throw new UsageError(`${folder} exists: name a new folder`)
}

function modalitiesOf(list: string | undefined): Modality[] {
  if (list === undefined) return [...MODALITIES]
  return list.split(',').map((word) => {
    const modality = Modality.safeParse(word.trim().toLowerCase())
    const found = modality.success ? modality.data : modalityOfDicom(word.trim().toUpperCase())
    if (!found) throw new UsageError('--modalities is a list of CT, MR, DX')
    return found
  })
}

type Asked = { studyCode: string; labels: LabelSource; modalities: Modality[] }

/** Patients with their images; the next one is fetched while one is written. */
async function* patientsOf(context: CliContext, asked: Asked): AsyncGenerator<ExportPatient> {
  const api = context.api()
  let next: Promise<ExportPatient> | undefined
  let after: string | null | undefined
  do {
    const page = await api.trainingExport.cases.query({ ...asked, ...(after ? { after } : {}) })
    for (const row of page.rows) {
      const ready = next
      next = withImages(context, asked.studyCode, row)
      // A failure is met when the patient's turn comes; until then it must not end the process.
      next.catch(() => undefined)
      if (ready) yield await ready
    }
    after = page.next
  } while (after !== null)
  if (next) yield await next
}

async function withImages(context: CliContext, studyCode: string, row: ExportedPatient): Promise<ExportPatient> {
  const exams: ExportExam[] = []
  for (const { examId, modality, points, series, instances, xraySides, labels } of row.exams) {
    const idOf = new Map(instances.map(({ sop, instanceId }) => [sop, instanceId]))
    const fetched = new Map<string, Uint8Array<ArrayBuffer>>()
    const fetchAll = async (sops: readonly string[]): Promise<void> => {
      const known = sops.filter((sop) => idOf.has(sop))
      const ids = known.flatMap((sop) => idOf.get(sop) ?? [])
      const bytes = await fetchInstances(context, { studyCode, instanceIds: ids })
      for (const [index, sop] of known.entries()) fetched.set(sop, bytes[index] ?? new Uint8Array(0))
    }
    const images = {
      modality,
      series,
      xraySides,
      instanceBytes: async (sop: string) => {
        if (!fetched.has(sop)) await fetchAll([sop])
        const bytes = fetched.get(sop)
        if (!bytes) throw new Error('the server has no such image')
        return bytes
      },
    }
    await fetchAll([...neededInstances(images, points)])
    exams.push({
      examId,
      points,
      images,
      pixelHashes: new Map(instances.map(({ sop, pixelHash }) => [sop, pixelHash])),
      labels,
    })
  }
  return { patientCode: row.patientCode, part: row.part, sex: row.sex, ageYears: row.ageYears, exams }
}
