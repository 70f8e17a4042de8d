import { decodeInstance } from '@facetgrade/dicom/decode-instance'
import type { SourceFile } from '@facetgrade/dicom/import-sender'
import type { InstanceHeader } from '@facetgrade/dicom/instance-header'
import { parseDicom } from '@facetgrade/dicom/parse'
import { Refusal } from '@facetgrade/dicom/refusal'
import { judgeSeries } from '@facetgrade/dicom/series-geometry'
import { asciiText } from '@facetgrade/dicom/values'
import { type Modality, modalityOfDicom } from '@facetgrade/grading/modality'
import type { ExamImages } from '@facetgrade/inference/exam-volumes'
import { proposeXraySide } from '@facetgrade/study/xray-sides/propose-xray-side'
import { XraySide } from '@facetgrade/study/xray-sides/xray-side'

export type FolderExam = {
  readonly patientId: string
  readonly studyInstanceUid: string
  /** Null: nothing but screenshots, which show no joint in patient space. */
  readonly images: ExamImages | null
  readonly modality: Modality
}

export type FolderExams = {
  readonly exams: readonly FolderExam[]
  /** Files that are no images of an exam, by the code of the refusal. */
  readonly leftOut: Readonly<Record<string, number>>
}

type Found = { readonly file: SourceFile; readonly header: InstanceHeader; readonly patientId: string }
type Screenshot = { readonly patientId: string; readonly studyInstanceUid: string; readonly modality: Modality }

/**
 * Exams of a folder of DICOM files as they come from an archive, without a study: nothing is sent, kept or changed. The side
 * of an X-ray image is taken from its Patient Orientation alone; without it the image is not used.
 */
export async function folderExams(files: readonly SourceFile[], onFile: (done: number) => void): Promise<FolderExams> {
  const found: Found[] = []
  const screenshots: Screenshot[] = []
  const leftOut: Record<string, number> = {}
  for (const [index, file] of files.entries()) {
    const one = await readFile(file)
    if (one.kind === 'image') found.push({ file, header: one.header, patientId: one.patientId })
    else {
      leftOut[one.code] = (leftOut[one.code] ?? 0) + 1
      if (one.screenshot) screenshots.push(one.screenshot)
    }
    onFile(index + 1)
  }
  const groups = Map.groupBy(found, ({ header }) => `${header.studyInstanceUid}/${header.modality}`)
  const exams = [...groups.values()].flatMap((group) => examOf(group) ?? [])
  const alone = screenshots.filter(({ studyInstanceUid, modality }) => !groups.has(`${studyInstanceUid}/${modality}`))
  const unique = new Map(alone.map((one) => [`${one.studyInstanceUid}/${one.modality}`, { ...one, images: null }]))
  return { exams: [...exams, ...unique.values()], leftOut }
}

type Read =
  | { kind: 'image'; header: InstanceHeader; patientId: string }
  | { kind: 'left_out'; code: string; screenshot?: Screenshot }

async function readFile(file: SourceFile): Promise<Read> {
  const bytes = await file.read()
  if (!(bytes instanceof Uint8Array)) return { kind: 'left_out', code: bytes.code }
  try {
    const { header } = await decodeInstance(bytes)
    return { kind: 'image', header, patientId: asciiText(parseDicom(bytes).dataset, 0x00100020) ?? '' }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const screenshot = error.code === 'SOP_CLASS_REFUSED' ? screenshotOf(bytes) : undefined
    return { kind: 'left_out', code: error.code, ...(screenshot ? { screenshot } : {}) }
  }
}

/** Secondary Capture and its multi-frame kinds (PS3.4 §B.5). */
const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7'

function screenshotOf(bytes: Uint8Array<ArrayBuffer>): Screenshot | undefined {
  const { dataset } = parseDicom(bytes)
  const sopClass = asciiText(dataset, 0x00080016) ?? ''
  const modality = modalityOfDicom(asciiText(dataset, 0x00080060) ?? '')
  const studyInstanceUid = asciiText(dataset, 0x0020000d) ?? ''
  if (!modality || !(sopClass === SECONDARY_CAPTURE || sopClass.startsWith(`${SECONDARY_CAPTURE}.`))) return undefined
  return { patientId: asciiText(dataset, 0x00100020) ?? '', studyInstanceUid, modality }
}

function examOf(group: readonly Found[]): FolderExam | undefined {
  const [first] = group
  if (!first) return undefined
  const fileOf = new Map(group.map(({ file, header }) => [header.sopInstanceUid, file]))
  const series = [...Map.groupBy(group, ({ header }) => header.seriesInstanceUid).values()].flatMap((members) => {
    const { stacks, role } = judgeSeries(members.map(({ header }) => header))
    return stacks.map((stack) => ({ stack, role }))
  })
  const sides = group.flatMap(({ header }) => {
    const side = provenSide(header)
    return side ? [[header.sopInstanceUid, side] as const] : []
  })
  return {
    patientId: first.patientId,
    studyInstanceUid: first.header.studyInstanceUid,
    modality: first.header.modality,
    images: {
      modality: first.header.modality,
      series,
      xraySides: Object.fromEntries(sides),
      instanceBytes: async (sop) => {
        const bytes = await fileOf.get(sop)?.read()
        if (!(bytes instanceof Uint8Array)) throw new Error('a file that was read before cannot be read any more')
        return bytes
      },
    },
  }
}

/** Without a coordinator only what Patient Orientation says counts as known. */
function provenSide(header: InstanceHeader): XraySide | undefined {
  if (header.modality !== 'xray') return undefined
  const { source, ...proposal } = proposeXraySide(header)
  if (source !== 'patient_orientation') return undefined
  const side = XraySide.safeParse(proposal)
  return side.success ? side.data : undefined
}
