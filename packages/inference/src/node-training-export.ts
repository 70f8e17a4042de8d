import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { canonicalJson } from '@facetgrade/grading/canonical-json'
import type { CellFeature } from '@facetgrade/grading/feature'
import { compareLevels, type Joint, jointId } from '@facetgrade/grading/joint'
import type { Modality } from '@facetgrade/grading/modality'
import { pointsByJoint } from '@facetgrade/grading/points'
import { cropHash } from './crop-hash.ts'
import { type ExamVolumes, openExam } from './exam-volumes.ts'
import { type ExportExam, type ExportHead, type ExportPatient, ExportRefusal } from './export-patient.ts'
import { cropJoint, cropShape, type JointCrop, seenOf } from './joint-crop.ts'
import { type LabelRow, labelRow } from './label-row.ts'
import { localiserRows } from './localiser-rows.ts'
import { type NpyType, type NpyWriter, openNpy } from './node-npy-writer.ts'
import { GROUPS, PREPROCESSING, preprocessing } from './preprocessing.ts'
import { EXPORTED_FEATURES, TrainingExportManifest } from './training-export-manifest.ts'

type TrainedPart = 'train' | 'validation'
const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')

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
  await mkdir(partial, { recursive: true })
  const writer = newWriter(partial, head)
  try {
    let done = 0
    for await (const patient of patients) {
      await addPatient(writer, patient)
      done += 1
      onPatient?.(done)
    }
    const { dataHash, manifest } = await finish(writer)
    await mkdir(dirname(folder), { recursive: true })
    await rename(partial, folder)
    return {
      folder,
      joints: Object.fromEntries(Object.entries(manifest.grader).map(([modality, { rows }]) => [modality, rows])),
      patients: { train: manifest.patients.train.length, validation: manifest.patients.validation.length },
      leftOut: manifest.leftOut,
      dataHash,
    }
  } catch (error) {
    await Promise.allSettled([...writer.files.values()].map((file) => file.abandon()))
    await rm(partial, { recursive: true, force: true })
    throw error
  }
}

type TextFile = {
  readonly kind: 'text'
  readonly file: FileHandle
  lines: string[]
  rows: number
  abandon(): Promise<void>
}
type ArrayFile = NpyWriter & { readonly kind: 'array' }

type Writer = {
  readonly folder: string
  readonly head: ExportHead
  readonly files: Map<string, ArrayFile | TextFile>
  readonly patients: Record<TrainedPart, string[]>
  readonly known: Set<string>
  /** First 64 bits of the pixel hash of every image used → its part. */
  readonly images: Map<string, TrainedPart>
  readonly counts: Map<Modality, Record<TrainedPart, Map<CellFeature, number[]>>>
  readonly leftOut: Map<string, number>
}

const newWriter = (folder: string, head: ExportHead): Writer => ({
  folder,
  head,
  files: new Map(),
  patients: { train: [], validation: [] },
  known: new Set(),
  images: new Map(),
  counts: new Map(),
  leftOut: new Map(),
})

async function addPatient(writer: Writer, patient: ExportPatient): Promise<void> {
  const { patientCode, part } = patient
  if (part !== 'train' && part !== 'validation') throw new ExportRefusal('TEST_PATIENT')
  if (writer.known.has(patientCode)) throw new ExportRefusal('PATIENT_TWICE')
  writer.known.add(patientCode)
  let isUsed = false
  for (const exam of patient.exams) {
    const volumes = openExam(exam.images)
    const of = { patient: { ...patient, part }, exam, volumes } as const
    const joints = await addJoints(writer, of)
    const pictures = await addPictures(writer, of)
    isUsed ||= joints > 0 || pictures
  }
  if (isUsed) writer.patients[part].push(patientCode)
}

type OfExam = {
  readonly patient: ExportPatient & { readonly part: TrainedPart }
  readonly exam: ExportExam
  readonly volumes: ExamVolumes
}

async function addJoints(writer: Writer, { patient, exam, volumes }: OfExam): Promise<number> {
  const { modality } = exam.images
  const labels = Map.groupBy(exam.labels, ({ level, side }) => jointId(level, side))
  const byJoint = pointsByJoint(exam.points)
  const joints = [...byJoint.values()].flatMap(([point]) => (point ? [{ level: point.level, side: point.side }] : []))
  const cutOffs = Math.max(...Object.values(writer.head.cutOffs[modality]))
  let written = 0
  for (const joint of joints.toSorted(byLevel)) {
    const id = jointId(joint.level, joint.side)
    const label = labelRow(labels.get(id) ?? [], cutOffs)
    if (label.mask.every((share) => share === 0)) {
      leaveOut(writer, 'no_label')
      continue
    }
    const crop = await cropJoint(volumes, { side: joint.side, points: byJoint.get(id) ?? [], extent: 'stored' })
    if (crop.kind === 'abstained') {
      leaveOut(writer, crop.reason)
      continue
    }
    const images = await noteImages(writer, { patient, exam, volumes }, crop.sources)
    await addJoint(writer, { patient, exam, joint, crop, label, images, cutOffs })
    written += 1
  }
  return written
}

const byLevel = (a: Joint, b: Joint): number => compareLevels(a.level, b.level) || (a.side < b.side ? -1 : 1)

function leaveOut({ leftOut }: Writer, reason: string): void {
  leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1)
}

type OneJoint = {
  readonly patient: OfExam['patient']
  readonly exam: ExportExam
  readonly joint: Joint
  readonly crop: JointCrop
  readonly label: LabelRow
  readonly images: readonly string[]
  readonly cutOffs: number
}

async function addJoint(
  writer: Writer,
  { patient, exam, joint, crop, label, images, cutOffs }: OneJoint,
): Promise<void> {
  const { modality } = exam.images
  const features = EXPORTED_FEATURES.length
  const at = (name: string): string => `grader/${modality}/${name}`
  const array = async (name: string, type: NpyType, shape: readonly number[], row: Parameters<NpyWriter['add']>[0]) =>
    (await arrayFile(writer, at(name), { type, shape })).add(row)
  await array('crops.npy', 'float16', cropShape(modality, 'stored'), crop.values)
  await array('present.npy', 'uint8', [GROUPS[modality].length], crop.present)
  await array('labels.npy', 'float32', [features, cutOffs], label.labels)
  await array('mask.npy', 'float32', [features], label.mask)
  await array('truth.npy', 'int8', [features], label.truth)
  const rows = await textFile(writer, at('rows.csv'), ROW_COLUMNS)
  await line(rows, [
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
  const counts = writer.counts.get(modality) ?? { train: new Map(), validation: new Map() }
  writer.counts.set(modality, counts)
  for (const [index, feature] of EXPORTED_FEATURES.entries()) {
    const grade = label.truth[index] ?? -1
    if (grade < 0) continue
    const ofFeature = counts[patient.part].get(feature) ?? Array.from({ length: cutOffs + 1 }, () => 0)
    ofFeature[grade] = (ofFeature[grade] ?? 0) + 1
    counts[patient.part].set(feature, ofFeature)
  }
}

const ROW_COLUMNS = 'row,patient,part,modality,level,side,age_years,sex,exam,input_hash,pixel_hash'

/** Pixel hashes of images used, each noted under its part; an image without any contrast belongs to nobody. */
async function noteImages(
  writer: Writer,
  { patient, exam, volumes }: OfExam,
  sops: Iterable<string>,
): Promise<string[]> {
  const blank = await blankImages(volumes)
  const hashes: string[] = []
  for (const sop of sops) {
    const hash = exam.pixelHashes.get(sop)
    if (hash === undefined || blank.has(sop)) continue
    hashes.push(hash)
    const known = writer.images.get(hash.slice(0, 16))
    if (known !== undefined && known !== patient.part) throw new ExportRefusal('IMAGE_IN_TWO_PARTS')
    writer.images.set(hash.slice(0, 16), patient.part)
  }
  return hashes
}

const blanks = new WeakMap<ExamVolumes, { opened: number; sops: Set<string> }>()

async function blankImages(volumes: ExamVolumes): Promise<ReadonlySet<string>> {
  const known = blanks.get(volumes)
  if (known?.opened === volumes.opened.size) return known.sops
  const sops = new Set<string>()
  for (const { volume, series } of await Promise.all(volumes.opened.values())) {
    for (const [index, { sopInstanceUid }] of series.stack.frames.entries()) {
      const values = volume.slices[index]?.values
      if (values?.every((value) => value === values[0])) sops.add(sopInstanceUid)
    }
  }
  blanks.set(volumes, { opened: volumes.opened.size, sops })
  return sops
}

async function addPictures(writer: Writer, of: OfExam): Promise<boolean> {
  const { patient, exam, volumes } = of
  const { modality } = exam.images
  const rows = await localiserRows(volumes, exam.points)
  if (!rows) return false
  const at = (name: string): string => `localiser/${modality}/${name}`
  const array = async (name: string, type: NpyType, shape: readonly number[], row: Float32Array) =>
    (await arrayFile(writer, at(name), { type, shape })).add(row)
  const who = [patient.patientCode, patient.part, modality, exam.examId]
  const { sagittal, axial } = rows
  await array('sagittal.npy', 'float16', sagittal.slab.shape, sagittal.slab.values)
  await array('sagittal_points.npy', 'float32', [sagittal.mask.length, 2], sagittal.points)
  await array('sagittal_mask.npy', 'float32', [sagittal.mask.length], sagittal.mask)
  await line(await textFile(writer, at('sagittal_rows.csv'), 'row,patient,part,modality,exam'), who)
  for (const { level, slab, points, mask } of axial) {
    await array('axial.npy', 'float16', slab.shape, slab.values)
    await array('axial_points.npy', 'float32', [2, 3], points)
    await array('axial_mask.npy', 'float32', [2], mask)
    await line(await textFile(writer, at('axial_rows.csv'), 'row,patient,part,modality,exam,level'), [...who, level])
  }
  for (const { series } of await Promise.all(volumes.opened.values())) {
    await noteImages(
      writer,
      of,
      series.stack.frames.map(({ sopInstanceUid }) => sopInstanceUid),
    )
  }
  return true
}

async function arrayFile(
  writer: Writer,
  name: string,
  of: { type: NpyType; shape: readonly number[] },
): Promise<ArrayFile> {
  const known = writer.files.get(name)
  if (known?.kind === 'array') return known
  await mkdir(dirname(join(writer.folder, name)), { recursive: true })
  const file: ArrayFile = { kind: 'array', ...(await openNpy(join(writer.folder, name), of.type, of.shape)) }
  writer.files.set(name, file)
  return file
}

async function textFile(writer: Writer, name: string, columns: string): Promise<TextFile> {
  const known = writer.files.get(name)
  if (known?.kind === 'text') return known
  const file = await open(join(writer.folder, name), 'wx')
  const created: TextFile = { kind: 'text', file, lines: [columns], rows: 0, abandon: () => file.close() }
  writer.files.set(name, created)
  return created
}

/** Codes, numbers and hashes alone: nothing here needs quoting. */
async function line(to: TextFile, fields: readonly (string | number)[]): Promise<void> {
  to.lines.push([to.rows, ...fields].join(','))
  to.rows += 1
  if (to.lines.length >= 1000) await flushLines(to)
}

async function flushLines(to: TextFile): Promise<void> {
  if (to.lines.length === 0) return
  await to.file.write(`${to.lines.join('\n')}\n`)
  to.lines = []
}

async function finish(writer: Writer): Promise<{ dataHash: string; manifest: TrainingExportManifest }> {
  const rows = new Map<string, number>()
  for (const [name, file] of writer.files) {
    if (file.kind === 'array') rows.set(name, await file.finish())
    else {
      await flushLines(file)
      await file.file.datasync()
      await file.file.close()
      rows.set(name, file.rows)
    }
  }
  const names = [...writer.files.keys()]
  writer.files.clear()
  if (![...writer.counts.values()].length) throw new ExportRefusal('NOTHING_TO_EXPORT')
  const hashes = `${[...writer.images.keys()].toSorted().join('\n')}\n`
  await writeFile(join(writer.folder, 'pixel-hashes.txt'), hashes)
  const files: Record<string, { sha256: string; bytes: number }> = {}
  for (const name of [...names, 'pixel-hashes.txt'].toSorted()) {
    const path = join(writer.folder, name)
    files[name] = { sha256: await hashOf(path), bytes: (await stat(path)).size }
  }
  const manifest = TrainingExportManifest.parse({
    format: 'facetgrade-training-export/1',
    ...documentHead(writer.head),
    preprocessing: preprocessing(sha256),
    patients: { train: writer.patients.train.toSorted(), validation: writer.patients.validation.toSorted() },
    features: [...EXPORTED_FEATURES],
    grader: Object.fromEntries(
      [...writer.counts.keys()].map((modality) => [modality, graderArrays(writer, modality, rows)]),
    ),
    localiser: Object.fromEntries(
      (['ct', 'mr'] as const).flatMap((modality) =>
        rows.has(`localiser/${modality}/sagittal.npy`) ? [[modality, localiserArrays(modality, rows)]] : [],
      ),
    ),
    pixelHashes: { file: 'pixel-hashes.txt', sha256: sha256(hashes), count: writer.images.size },
    leftOut: Object.fromEntries(writer.leftOut),
    files,
  })
  const text = canonicalJson(manifest)
  await writeFile(join(writer.folder, 'manifest.json'), text, { flag: 'wx' })
  return { dataHash: sha256(text), manifest }
}

const documentHead = ({ studyCode, studyKind, splitSeal, protocol, partSizes, labels }: ExportHead) => ({
  studyCode,
  studyKind,
  syntheticOnly: studyKind !== 'real',
  splitSeal,
  protocol,
  partSizes,
  labels,
})

function graderArrays({ counts, head }: Writer, modality: Modality, rows: ReadonlyMap<string, number>) {
  const of = counts.get(modality)
  return {
    rows: rows.get(`grader/${modality}/crops.npy`) ?? 0,
    stored: cropShape(modality, 'stored'),
    seen: cropShape(modality, 'seen'),
    groups: [...GROUPS[modality]],
    cutOffs: head.cutOffs[modality],
    classCounts: {
      train: Object.fromEntries(of?.train ?? []),
      validation: Object.fromEntries(of?.validation ?? []),
    },
  }
}

const shapeOf = ({ slices, rows, columns }: { slices: number; rows: number; columns: number }) => [
  slices,
  rows,
  columns,
]

function localiserArrays(modality: 'ct' | 'mr', rows: ReadonlyMap<string, number>) {
  const { sagittal, axial } = PREPROCESSING
  return {
    sagittal: rows.get(`localiser/${modality}/sagittal.npy`) ?? 0,
    axial: rows.get(`localiser/${modality}/axial.npy`) ?? 0,
    sagittalStored: shapeOf(sagittal.stored),
    sagittalSeen: shapeOf(sagittal.seen),
    sagittalSpacingMm: [...sagittal.spacingMm],
    axialStored: shapeOf(axial.stored),
    axialSeen: shapeOf(axial.seen),
    axialSpacingMm: [...axial.spacingMm],
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}
