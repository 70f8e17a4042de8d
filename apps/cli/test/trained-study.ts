import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeInstance } from '@facetgrade/dicom/decode-instance'
import { sampleDicom, text } from '@facetgrade/dicom/sample-dicom'
import { judgeSeries } from '@facetgrade/dicom/series-geometry'
import { FEATURES } from '@facetgrade/grading/feature'
import { SIDES } from '@facetgrade/grading/joint'
import { asSystemIn } from '@facetgrade/testing/behind-the-wall'
import type { TestDatabase } from '@facetgrade/testing/postgres-fixture'
import { screenedPatients } from '@facetgrade/testing/screened-patients'
import { TEST_PIN, type World } from '@facetgrade/testing/study-world'

const PATIENTS = 10
const SLICES = 26
const SIZE = 72

type StudiedPatient = {
  patientId: string
  patientCode: string
  part: string
  examId: string
  instanceIds: string[]
  blobHashes: string[]
  pixelHashes: string[]
}
export type TrainedStudy = {
  of(part: string): StudiedPatient[]
  codes(part: string): string[]
  publishPoints(): Promise<void>
}

/** Ten patients, 7 : 2 : 1, a CT each with one level's two joints, sealed; narrowing 2 built into every joint of a synthetic study. */
export async function aTrainedStudy(
  { db }: TestDatabase,
  world: World,
  blobFolder: string,
  options: { points: boolean } = { points: true },
): Promise<TrainedStudy> {
  const { studyId, studyCode } = world
  await screenedPatients(db, world, PATIENTS)
  const investigator = world.as('investigator').caller
  const { draw } = await investigator.split.preview({ studyCode })
  if (!draw) throw new Error('nobody is eligible')
  await investigator.split.seal({
    studyCode,
    rosterHash: draw.rosterHash,
    protocolVersion: draw.protocolVersion,
    proof: { method: 'pin', pin: TEST_PIN },
  })
  const patients: StudiedPatient[] = []
  const rows = await asSystemIn(db, world, (_wall, { split }) => split.allocations(studyId))
  for (const [index, { patientId, patientCode, part }] of rows.entries()) {
    const files = await Promise.all(
      madeFiles(index).map(async (bytes) => ({ bytes, ...(await decodeInstance(bytes)) })),
    )
    const blobHashes = files.map(({ bytes }) => putBlob(blobFolder, bytes))
    const [first] = files
    if (!first) throw new Error('no files')
    const patient = await asSystemIn(db, world, async (_wall, { exams }) => {
      const [exam] = await exams.create([
        { studyId, patientId, modality: 'ct', studyInstanceUid: first.header.studyInstanceUid, shiftedDate: null },
      ])
      if (!exam) throw new Error('no exam')
      const pixelHashes = files.map(({ pixels }) => createHash('sha256').update(pixels).digest('hex'))
      const instances = await exams.createInstances(
        files.map(({ header }, file) => ({
          studyId,
          examId: exam.examId,
          seriesInstanceUid: header.seriesInstanceUid,
          sopInstanceUid: header.sopInstanceUid,
          sopClassUid: header.sopClassUid,
          blobHash: blobHashes[file] ?? '',
          pixelHash: pixelHashes[file] ?? '',
          header,
        })),
      )
      await exams.putSeries(
        studyId,
        { examId: exam.examId, seriesInstanceUid: first.header.seriesInstanceUid },
        judgeSeries(files.map(({ header }) => header)),
      )
      return {
        patientId,
        patientCode,
        part,
        examId: exam.examId,
        instanceIds: instances.map(({ instanceId }) => instanceId),
        blobHashes,
        pixelHashes,
      }
    })
    patients.push(patient)
  }
  const publishPoints = () =>
    asSystemIn(db, world, async (_wall, { points }) => {
      await points.append(
        studyId,
        patients.map(({ examId }) => ({
          examId,
          version: 1,
          source: 'import' as const,
          publishedBy: world.as('coordinator').userId,
          points: SIDES.map((side) => ({
            level: 'L4L5' as const,
            side,
            kind: 'lps' as const,
            mm: [side === 'left' ? 5 : -5, 0.5, 0.25] as [number, number, number],
            frameOfReference: '1.2.3.9',
          })),
        })),
      )
    })
  if (options.points) {
    await publishPoints()
    await asSystemIn(db, world, (_wall, { phantomTruth }) =>
      phantomTruth.add(
        studyId,
        patients.flatMap(({ patientId }) =>
          SIDES.flatMap((side) =>
            FEATURES.map((feature) => ({
              patientId,
              modality: 'ct' as const,
              level: 'L4L5' as const,
              side,
              feature,
              grade: feature === 'narrowing' || feature === 'hypertrophy' ? 2 : 0,
              visible: true,
              cnr: null,
            })),
          ),
        ),
      ),
    )
  }
  const of = (part: string) => patients.filter((patient) => patient.part === part)
  return {
    of,
    codes: (part) =>
      of(part)
        .map(({ patientCode }) => patientCode)
        .toSorted(),
    publishPoints,
  }
}

/** Under its hash, where the api looks for it. */
function putBlob(folder: string, bytes: Uint8Array): string {
  const hash = createHash('sha256').update(bytes).digest('hex')
  mkdirSync(join(folder, hash.slice(0, 2)), { recursive: true })
  writeFileSync(join(folder, hash.slice(0, 2), hash), bytes)
  return hash
}

/** Slices of 1 mm with bone and soft tissue in them, no two patients alike. */
function madeFiles(patient: number): Uint8Array<ArrayBuffer>[] {
  const half = (SIZE - 1) / 2
  return Array.from({ length: SLICES }, (_, slice) => {
    const words = Int16Array.from({ length: SIZE * SIZE }, (_value, at) => {
      const [row, column] = [Math.floor(at / SIZE), at % SIZE]
      return Math.round(1084 + 400 * Math.max(0, Math.sin((row + patient) / 4) * Math.cos((column + slice) / 5)))
    })
    return sampleDicom({
      rows: SIZE,
      columns: SIZE,
      pixels: new Uint8Array(words.buffer),
      with: [
        text(0x00080018, 'UI', `1.2.840.1.${patient}.${slice}`),
        text(0x0020000d, 'UI', `1.2.840.2.${patient}`),
        text(0x0020000e, 'UI', `1.2.840.3.${patient}`),
        text(0x00200013, 'IS', String(slice + 1)),
        text(0x00200032, 'DS', `${-half * 0.75}\\${-half * 0.75}\\${slice - (SLICES - 1) / 2}`),
        text(0x00280030, 'DS', '0.75\\0.75'),
        text(0x00281052, 'DS', '-1024'),
      ],
    })
  })
}
