import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeInstance } from '@facetgrade/dicom/decode-instance'
import { patientCodeOf } from '@facetgrade/dicom/keyed-patient'
import { hashPixels } from '@facetgrade/dicom/pixel-hash'
import { openStudyKey, type StudyKey } from '@facetgrade/dicom/study-key'
import { readTruthCsv, type TruthGroup } from '@facetgrade/dicom/truth-csv'
import type { Modality } from '@facetgrade/grading/modality'
import type { JointPoint } from '@facetgrade/grading/points'
import { PointsFile } from '@facetgrade/grading/points-file'
import type { ExportExam, ExportPatient } from '@facetgrade/inference/export-patient'
import { neededInstances } from '@facetgrade/inference/needed-instances'
import { shippedProtocol } from '@facetgrade/study/studies/shipped-protocol'
import { labelsOfTruth } from '@facetgrade/study/training-export/joint-labels'
import { z } from 'zod'
import { type FolderExam, folderExams } from './dicom-folder.ts'
import { readJsonFile } from './json-file.ts'
import { RefusedError } from './refusal.ts'
import { sourceFiles } from './source-files.ts'

const Cohort = z.object({ format: z.literal('facetgrade-phantom/1') })

export type PhantomPerson = {
  readonly patientCode: string
  readonly folder: string
  readonly sex: string
  readonly ageYears: number
}

export type PhantomCohort = {
  readonly people: readonly PhantomPerson[]
  /** One patient with images, points and labels; of modalities that are asked. */
  read(person: PhantomPerson, part: string, modalities: readonly Modality[]): Promise<ExportPatient>
}

/**
 * A folder that `facetgrade phantom` wrote, as the training export takes it: truth of what each modality shows as labels.
 * Codes are keyed by the cohort's study code alone: nobody stands behind them.
 *
 * @throws {RefusedError} NOT_PHANTOMS: the folder is anything else
 */
export function openPhantomCohort(folder: string, studyCode: string): PhantomCohort {
  if (!Cohort.safeParse(readJsonFile(join(folder, 'phantom.json'))).success)
    throw new RefusedError('NOT_PHANTOMS', `${folder} is no cohort of phantoms: labels come from truth there only.`)
  const key = phantomKey(studyCode)
  const truth = readTruthCsv(new Uint8Array(readFileSync(join(folder, 'truth.csv'))), { key, defaultIssuer: '' })
  const points = PointsFile.parse(readJsonFile(join(folder, 'points.json')))
  const groups = Map.groupBy(truth.groups, ({ patientCode }) => patientCode)
  const pointsOf = new Map(
    points.exams.map((exam) => [`${exam.study_uid}/${modalityName(exam.modality)}`, exam.points]),
  )
  return {
    people: peopleOf(folder, key),
    async read(person, part, modalities) {
      const files = await sourceFiles(person.folder)
      const { exams } = await folderExams(files, () => undefined)
      const own = { groups: groups.get(person.patientCode) ?? [], pointsOf }
      const made = exams.filter(({ modality }) => modalities.includes(modality)).map((exam) => examOf(exam, own))
      const { patientCode, sex, ageYears } = person
      return { patientCode, part, sex, ageYears, exams: (await Promise.all(made)).filter((exam) => exam !== undefined) }
    },
  }
}

type Own = { groups: readonly TruthGroup[]; pointsOf: ReadonlyMap<string, JointPoint[]> }

async function examOf({ images, studyInstanceUid, modality }: FolderExam, own: Own): Promise<ExportExam | undefined> {
  const points = own.pointsOf.get(`${studyInstanceUid}/${modality}`)
  if (!images || !points) return undefined
  const everywhere = own.groups.flatMap((group) => group.cells.map((cell) => ({ ...cell, modality: group.modality })))
  const pixelHashes = new Map<string, string>()
  for (const sop of neededInstances(images, points)) {
    const { pixels, shape } = await decodeInstance(await images.instanceBytes(sop))
    pixelHashes.set(sop, await hashPixels(pixels, shape))
  }
  const labels = labelsOfTruth({ protocol: shippedProtocol, modality }, everywhere)
  return { examId: `${studyInstanceUid}/${modality}`, points, images, pixelHashes, labels }
}

const modalityName = (text: string): string =>
  ({ DX: 'xray', CT: 'ct', MR: 'mr' })[text.toUpperCase()] ?? text.toLowerCase()

function peopleOf(folder: string, key: StudyKey): PhantomPerson[] {
  const folders = new Set(
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : [])),
  )
  const [head = '', ...rows] = readFileSync(join(folder, 'patients.csv'), 'utf8').trim().split('\n')
  const columns = head.split(',')
  return rows.map((row) => {
    const cells = row.split(',')
    const of = (name: string): string => cells[columns.indexOf(name)] ?? ''
    const patientId = of('patient_id')
    if (!folders.has(patientId))
      throw new RefusedError('PHANTOM_MISSING', `${folder} lacks the images of one of its patients; make it again.`)
    return {
      patientCode: patientCodeOf(key, of('issuer'), patientId),
      folder: join(folder, patientId),
      sex: of('sex'),
      ageYears: Number(of('age_years')),
    }
  })
}

/** Fixed on purpose: it hides nobody, and the same cohort always has the same codes. */
function phantomKey(studyCode: string): StudyKey {
  const secret = createHash('sha256').update('facetgrade phantoms').digest('base64')
  return openStudyKey({ format: 'facetgrade-key', version: 1, created: '2026-01-01T00:00:00Z', secret }, studyCode)
}
