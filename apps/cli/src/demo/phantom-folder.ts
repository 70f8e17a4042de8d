import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OnProgress } from '@facetgrade/demo/demo-people'
import { type CaseTruth, cutsOf } from '@facetgrade/demo/simulated-reader'
import { extractFrame } from '@facetgrade/dicom/frames'
import { patientCodeOf } from '@facetgrade/dicom/keyed-patient'
import type { StudyKey } from '@facetgrade/dicom/study-key'
import { readTruthCsv } from '@facetgrade/dicom/truth-csv'
import type { Modality } from '@facetgrade/grading/modality'

/** What the images of a phantom folder show: whose they are, and what is built into them. */
export type PhantomFolder = {
  cuts: ReturnType<typeof cutsOf>
  /** Learns the images by heart, as often as they are asked for. */
  memorise(onProgress: OnProgress): Promise<void>
  /** The phantom whose image this is, by its pixels alone. */
  phantomOf(pixels: Uint8Array, modality: Modality): { phantom: string; truth: CaseTruth } | undefined
}

const FOLDER_OF: Readonly<Record<Modality, string>> = { ct: 'CT', mr: 'MR', xray: 'DX' }
const MODALITIES = ['ct', 'mr', 'xray'] as const

/** The truth is read under patient codes, which no reader knows; only this process joins them to the images. */
export function openPhantomFolder(folder: string, key: StudyKey): PhantomFolder {
  const codes = patientCodes(folder, key)
  const truths = new Map<string, CaseTruth>()
  const { groups } = readTruthCsv(readFileSync(join(folder, 'truth.csv')), { key, defaultIssuer: '' })
  for (const { patientCode, modality, cells } of groups) truths.set(`${patientCode} ${modality}`, cells)
  const seen = new Map<string, string>()
  return {
    cuts: cutsOf(truths.values()),
    async memorise(onProgress) {
      const patients = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
      for (const [index, { name }] of patients.entries()) {
        for (const modality of MODALITIES) await memoriseExam(join(folder, name, FOLDER_OF[modality]), name)
        onProgress(index + 1, patients.length)
      }
    },
    phantomOf(pixels, modality) {
      const phantom = seen.get(hashOf(pixels))
      const code = phantom === undefined ? undefined : codes.get(phantom)
      const truth = code === undefined ? undefined : truths.get(`${code} ${modality}`)
      return phantom === undefined || truth === undefined ? undefined : { phantom, truth }
    },
  }

  async function memoriseExam(exam: string, phantom: string): Promise<void> {
    let files: string[]
    try {
      files = readdirSync(exam)
    } catch {
      return // not a modality of this cohort
    }
    for (const file of files) {
      const { pixels } = await extractFrame(new Uint8Array(await readFile(join(exam, file))))
      seen.set(hashOf(pixels), phantom)
    }
  }
}

const hashOf = (pixels: Uint8Array): string => createHash('sha256').update(pixels).digest('base64')

/** Patient codes by the folder's own names, as the import makes them. */
function patientCodes(folder: string, key: StudyKey): Map<string, string> {
  const [, ...rows] = readFileSync(join(folder, 'patients.csv'), 'utf8').trim().split('\n')
  return new Map(
    rows.map((row) => {
      const [issuer = '', patientId = ''] = row.split(',')
      return [patientId, patientCodeOf(key, issuer, patientId)]
    }),
  )
}
