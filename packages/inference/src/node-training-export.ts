import { createHash } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { canonicalJson } from '@facetgrade/grading/canonical-json'
import { compareLevels, type Joint, jointId } from '@facetgrade/grading/joint'
import type { Modality } from '@facetgrade/grading/modality'
import { pointsByJoint } from '@facetgrade/grading/points'
import { cropHash } from './crop-hash.ts'
import { instancesOf, openExam } from './exam-volumes.ts'
import { type ClassCounts, exportDocument } from './export-document.ts'
import { type ExportExam, type ExportHead, type ExportPatient, ExportRefusal } from './export-patient.ts'
import { cropJoint, cropShape, type JointCrop, seenOf } from './joint-crop.ts'
import { type LabelRow, labelRow } from './label-row.ts'
import { localiserRows } from './localiser-rows.ts'
import { type ExportFolder, openExportFolder } from './node-export-folder.ts'
import { GROUPS, preprocessing } from './preprocessing.ts'
import { EXPORTED_FEATURES, type TrainingExportManifest } from './training-export-manifest.ts'
import { type ImageUse, noteImages, type UsedImages } from './used-images.ts'

type TrainedPart = 'train' | 'validation'
const sha256 = (data: string): string => createHash('sha256').update(data).digest('hex')

export type ExportedSummary = {
  readonly folder: string
  readonly joints: Readonly<Partial<Record<Modality, number>>>
  readonly patients: { readonly train: number; readonly validation: number }
  readonly leftOut: Readonly<Record<string, number>>
  /** SHA-256 of manifest.json's bytes: the data hash of models trained on it. */
  readonly dataHash: string
}

type Export = {
  readonly folder: string
  readonly head: ExportHead
  /** One patient at a time: whatever was fetched for one is let go before the next. */
  readonly patients: AsyncIterable<ExportPatient>
  readonly onPatient?: (done: number) => void
}

/**
 * Writes a training export: crops, labels and pictures of training and validation patients, in constant memory, under
 * another name until it is whole.
 *
 * @throws {ExportRefusal}
 */
export async function writeTrainingExport({ folder, head, patients, onPatient }: Export): Promise<ExportedSummary> {
  const partial = `${folder.replace(/\/+$/, '')}.partial-${process.pid}`
  const writer = newWriter(await openExportFolder(partial), head)
  try {
    let done = 0
    for await (const patient of patients) {
      await addPatient(writer, patient)
      done += 1
      onPatient?.(done)
    }
    const manifest = await finish(writer)
    const text = canonicalJson(manifest)
    await writeFile(join(partial, 'manifest.json'), text, { flag: 'wx' })
    await mkdir(dirname(folder), { recursive: true })
    await rename(partial, folder)
    return summaryOf(folder, manifest, sha256(text))
  } catch (error) {
    await writer.out.abandon()
    throw error
  }
}

const summaryOf = (
  folder: string,
  { grader, patients, leftOut }: TrainingExportManifest,
  dataHash: string,
): ExportedSummary => ({
  folder,
  joints: Object.fromEntries(Object.entries(grader).map(([modality, { rows }]) => [modality, rows])),
  patients: { train: patients.train.length, validation: patients.validation.length },
  leftOut,
  dataHash,
})

type Writer = {
  readonly out: ExportFolder
  readonly head: ExportHead
  readonly patients: Record<TrainedPart, string[]>
  readonly known: Set<string>
  readonly images: UsedImages
  readonly counts: Map<Modality, ClassCounts>
  readonly leftOut: Map<string, number>
}

const newWriter = (out: ExportFolder, head: ExportHead): Writer => ({
  out,
  head,
  patients: { train: [], validation: [] },
  known: new Set(),
  images: new Map(),
  counts: new Map(),
  leftOut: new Map(),
})

async function finish({ out, head, patients, images, counts, leftOut }: Writer): Promise<TrainingExportManifest> {
  if (counts.size === 0) throw new ExportRefusal('NOTHING_TO_EXPORT')
  const hashes = `${[...images.keys()].toSorted().join('\n')}\n`
  const written = await out.finish({ 'pixel-hashes.txt': hashes })
  return exportDocument({
    head,
    preprocessing: preprocessing(sha256),
    patients,
    counts,
    leftOut,
    pixelHashes: { file: 'pixel-hashes.txt', sha256: sha256(hashes), count: images.size },
    written,
  })
}

async function addPatient(writer: Writer, patient: ExportPatient): Promise<void> {
  const { patientCode } = patient
  const part: TrainedPart | undefined =
    patient.part === 'train' || patient.part === 'validation' ? patient.part : undefined
  if (!part) throw new ExportRefusal('TEST_PATIENT')
  if (writer.known.has(patientCode)) throw new ExportRefusal('PATIENT_TWICE')
  writer.known.add(patientCode)
  let isUsed = false
  for (const exam of patient.exams) {
    const use = { part, pixelHashes: exam.pixelHashes, volumes: openExam(exam.images) }
    const of: OfExam = { patient: { ...patient, part }, exam, use }
    const joints = await addJoints(writer, of)
    const hasPictures = await addPictures(writer, of)
    isUsed ||= joints > 0 || hasPictures
  }
  if (isUsed) writer.patients[part].push(patientCode)
}

type OfExam = {
  readonly patient: ExportPatient & { readonly part: TrainedPart }
  readonly exam: ExportExam
  readonly use: ImageUse
}

async function addJoints(writer: Writer, { patient, exam, use }: OfExam): Promise<number> {
  const cutOffs = Math.max(...Object.values(writer.head.cutOffs[exam.images.modality]))
  const labels = Map.groupBy(exam.labels, ({ level, side }) => jointId(level, side))
  const byJoint = pointsByJoint(exam.points)
  const joints = [...byJoint.values()].flatMap(([point]) => (point ? [{ level: point.level, side: point.side }] : []))
  let written = 0
  for (const joint of joints.toSorted(byLevel)) {
    const id = jointId(joint.level, joint.side)
    const label = labelRow(labels.get(id) ?? [], cutOffs)
    const crop = label.mask.some((share) => share > 0)
      ? await cropJoint(use.volumes, { side: joint.side, points: byJoint.get(id) ?? [], extent: 'stored' })
      : ({ kind: 'abstained', reason: 'no_label' } as const)
    if (crop.kind === 'abstained') {
      writer.leftOut.set(crop.reason, (writer.leftOut.get(crop.reason) ?? 0) + 1)
      continue
    }
    const images = await noteImages(writer.images, use, crop.sources)
    await addJoint(writer, { patient, exam, joint, crop, label, images, cutOffs })
    written += 1
  }
  return written
}

const byLevel = (a: Joint, b: Joint): number => compareLevels(a.level, b.level) || (a.side < b.side ? -1 : 1)

const ROW_COLUMNS = 'row,patient,part,modality,level,side,age_years,sex,exam,input_hash,pixel_hash'

type OneJoint = Pick<OfExam, 'patient' | 'exam'> & {
  readonly joint: Joint
  readonly crop: JointCrop
  readonly label: LabelRow
  readonly images: readonly string[]
  readonly cutOffs: number
}

async function addJoint(
  { out, counts }: Writer,
  { patient, exam, joint, crop, label, images, cutOffs }: OneJoint,
): Promise<void> {
  const { modality } = exam.images
  const features = EXPORTED_FEATURES.length
  const at = (name: string): string => `grader/${modality}/${name}`
  await out.array(at('crops.npy'), { type: 'float16', shape: cropShape(modality, 'stored') }, crop.values)
  await out.array(at('present.npy'), { type: 'uint8', shape: [GROUPS[modality].length] }, crop.present)
  await out.array(at('labels.npy'), { type: 'float32', shape: [features, cutOffs] }, label.labels)
  await out.array(at('mask.npy'), { type: 'float32', shape: [features] }, label.mask)
  await out.array(at('truth.npy'), { type: 'int8', shape: [features] }, label.truth)
  await out.line(at('rows.csv'), ROW_COLUMNS, [
    patient.patientCode,
    patient.part,
    modality,
    joint.level,
    joint.side,
    patient.ageYears ?? '',
    patient.sex ?? '',
    exam.examId,
    cropHash({ values: seenOf(crop.values, modality), present: crop.present }),
    sha256(images.toSorted().join('\n')),
  ])
  const ofModality = counts.get(modality) ?? { train: new Map(), validation: new Map() }
  counts.set(modality, ofModality)
  for (const [index, feature] of EXPORTED_FEATURES.entries()) {
    const grade = label.truth[index] ?? -1
    if (grade < 0) continue
    const ofFeature = ofModality[patient.part].get(feature) ?? Array.from({ length: cutOffs + 1 }, () => 0)
    ofFeature[grade] = (ofFeature[grade] ?? 0) + 1
    ofModality[patient.part].set(feature, ofFeature)
  }
}

async function addPictures({ out, images }: Writer, { patient, exam, use }: OfExam): Promise<boolean> {
  const { modality } = exam.images
  const rows = await localiserRows(use.volumes, exam.points)
  if (!rows) return false
  const at = (name: string): string => `localiser/${modality}/${name}`
  const who = [patient.patientCode, patient.part, modality, exam.examId]
  const { slab, points, mask } = rows.sagittal
  await out.array(at('sagittal.npy'), { type: 'float16', shape: slab.shape }, slab.values)
  await out.array(at('sagittal_points.npy'), { type: 'float32', shape: [mask.length, 2] }, points)
  await out.array(at('sagittal_mask.npy'), { type: 'float32', shape: [mask.length] }, mask)
  await out.line(at('sagittal_rows.csv'), 'row,patient,part,modality,exam', who)
  for (const axial of rows.axial) {
    await out.array(at('axial.npy'), { type: 'float16', shape: axial.slab.shape }, axial.slab.values)
    await out.array(at('axial_points.npy'), { type: 'float32', shape: [2, 3] }, axial.points)
    await out.array(at('axial_mask.npy'), { type: 'float32', shape: [2] }, axial.mask)
    await out.line(at('axial_rows.csv'), 'row,patient,part,modality,exam,level', [...who, axial.level])
  }
  for (const { series } of await Promise.all(use.volumes.opened.values()))
    await noteImages(images, use, instancesOf(series))
  return true
}
