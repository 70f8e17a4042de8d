import type { connect } from '@facetgrade/db/connect'
import type { SeriesStack } from '@facetgrade/dicom/series-judgement'
import { asSystemIn } from './behind-the-wall.ts'
import type { RosterPatient } from './signed-readings.ts'
import type { World } from './study-world.ts'

type Db = ReturnType<typeof connect>

const stackOf = (sopInstanceUids: readonly string[], kind: 'volume' | 'projection'): SeriesStack => ({
  kind,
  frames: sopInstanceUids.map((sopInstanceUid, index) => ({
    sopInstanceUid,
    frame: 0,
    position: kind === 'volume' ? [-64, -64, 3 * index] : null,
    offsetMm: kind === 'volume' ? 3 * index : null,
  })),
  gradable: true,
  code: null,
  notes: kind === 'projection' ? ['SIDE_UNCONFIRMED'] : [],
  plane: kind === 'volume' ? 'axial' : null,
  rowDirection: kind === 'volume' ? [1, 0, 0] : null,
  columnDirection: kind === 'volume' ? [0, 1, 0] : null,
  normal: kind === 'volume' ? [0, 0, 1] : null,
  rows: 128,
  columns: 128,
  pixelSpacingMm: [1, 1],
  sliceSpacingMm: kind === 'volume' ? 3 : null,
  sliceThicknessMm: kind === 'volume' ? 3 : null,
  edges: { left: 'right', right: 'left', top: null, bottom: null },
  letters: kind === 'volume' ? { left: 'R', right: 'L', top: 'A', bottom: 'P' } : null,
  turn: { transpose: false, flipHorizontal: false, flipVertical: false },
  side: kind === 'projection' ? { leftEdge: 'right', source: 'patient_orientation' } : null,
})

const headerOf = (sopInstanceUid: string, examId: string, modality: 'xray' | 'ct' | 'mr') => ({
  sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
  sopInstanceUid,
  studyInstanceUid: `2.25.${examId}`,
  seriesInstanceUid: '2.25.1',
  frameOfReferenceUid: null,
  patientCode: '',
  modality,
  studyDate: null,
  ageYears: null,
  sex: null,
  seriesNumber: null,
  acquisitionNumber: null,
  instanceNumber: null,
  imageType: [],
  description: '',
  rows: 128,
  columns: 128,
  frames: [
    {
      position: null,
      orientation: null,
      pixelSpacingMm: null,
      sliceThicknessMm: null,
      stackId: null,
      temporalPosition: null,
      echoTimeMs: null,
    },
  ],
  imagerSpacingMm: null,
  spacingBetweenSlicesMm: null,
  gantryTiltDegrees: null,
  patientPosition: null,
  patientOrientation: modality === 'xray' ? ['L', 'F'] : [],
  viewPosition: modality === 'xray' ? 'AP' : null,
  view: null,
  imageLaterality: null,
  convolutionKernel: null,
  repetitionTimeMs: null,
  echoTimeMs: null,
  inversionTimeMs: null,
  lossy: false,
})

/** One series per exam of each patient: four slices with proven geometry, or one X-ray whose side is unconfirmed. */
export async function gradableExams(
  db: Db,
  world: World,
  patients: readonly RosterPatient[],
  blobHash: string = '0'.repeat(64),
): Promise<void> {
  const { studyId } = world
  await asSystemIn(db, world, async (wall) => {
    for (const { exams } of patients) {
      for (const modality of ['xray', 'ct', 'mr'] as const) {
        const examId = exams[modality]
        if (!examId) continue
        const kind = modality === 'xray' ? 'projection' : 'volume'
        const sops = Array.from({ length: kind === 'volume' ? 4 : 1 }, () => `2.25.${crypto.randomUUID()}`)
        const stack = stackOf(sops, kind)
        const series = { studyId, examId, seriesInstanceUid: `2.25.${crypto.randomUUID()}` }
        await wall.instance.createMany({
          data: sops.map((sopInstanceUid) => ({
            ...series,
            sopInstanceUid,
            sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
            blobHash,
            pixelHash: blobHash,
            header: headerOf(sopInstanceUid, examId, modality),
          })),
        })
        const geometry = JSON.parse(JSON.stringify({ stack, role: stack.plane ?? 'ap', sideProposal: stack.side }))
        await wall.series.create({ data: { ...series, plane: stack.plane, gradable: true, geometry } })
      }
    }
  })
}
