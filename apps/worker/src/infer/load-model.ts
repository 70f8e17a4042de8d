import { SeriesStack } from '@facetgrade/dicom/series-judgement'
import type { ModelGrades, ProposedPoints } from '@facetgrade/grading/model-answer'
import type { ExamImages } from '@facetgrade/inference/exam-volumes'
import { ModelManifest } from '@facetgrade/inference/model-manifest'
import { type OpenModel, openModel } from '@facetgrade/inference/open-model'
import { proposePoints } from '@facetgrade/inference/propose-points'
import { runCase } from '@facetgrade/inference/run-case'
import { BlobError, type BlobStore } from '@facetgrade/storage/blob-store'
import type { ExamTask } from '@facetgrade/study/predictions/exam-task'
import { z } from 'zod'
import { InferenceFailure } from './inference-failure.ts'
import type { ProviderChoice } from './model-message.ts'

type Exam = ExamTask['exam']

export type LoadedModel = {
  readonly executionProvider: string
  readonly versions: Readonly<Record<string, string>>
  grade(exam: Exam): Promise<ModelGrades>
  propose(exam: Exam): Promise<ProposedPoints>
}

/**
 * Opens a model from stored bytes. A network is loaded when its hash is both the manifest's and on the study's allow-list;
 * the store checks that the bytes are what their hash says, and the runtime is given bytes, never a path.
 */
export async function loadModel(
  { model, provider, threads }: { model: ExamTask['model']; provider: ProviderChoice; threads: number },
  stores: { models: BlobStore; blobs: BlobStore },
): Promise<LoadedModel> {
  const manifest = ModelManifest.parse(model.manifest)
  const allowed = new Set(model.networks.map(({ sha256 }) => sha256))
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  for (const { file, sha256 } of manifest.networks) {
    if (!allowed.has(sha256)) throw new InferenceFailure('MODEL_NOT_ALLOWED', `${file} is not on the allow-list`)
    if (!(await stores.models.has(sha256))) throw new InferenceFailure('NETWORK_ABSENT', `${file} is not in the store`)
    files.set(file, await networkBytes(stores.models, { file, sha256 }))
  }
  const opened: OpenModel = await openModel({ manifest, files, provider, threads })
  const imagesOf = (exam: Exam) => examImages(exam, stores.blobs)
  return {
    executionProvider: opened.executionProvider,
    versions: opened.versions,
    async grade(exam) {
      const { protocol, levels, points } = exam
      const { grades } = await runCase(opened, { protocol, levels, points, images: imagesOf(exam) })
      return grades
    },
    propose: (exam) => proposePoints(opened, { levels: exam.levels, images: imagesOf(exam) }),
  }
}

async function networkBytes(
  models: BlobStore,
  { file, sha256 }: { file: string; sha256: string },
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await models.get(sha256)
  } catch (error) {
    if (!(error instanceof BlobError)) throw error
    throw new InferenceFailure('NETWORK_REFUSED', `${file} in the store is not what its hash says`)
  }
}

/** What the import stored of a stack. */
const StoredSeries = z.array(z.object({ stack: SeriesStack, role: z.string() }))

function examImages({ modality, series, sides, images }: Exam, blobs: BlobStore): ExamImages {
  const hashes = new Map(images.map(({ sop, blobHash }) => [sop, blobHash]))
  return {
    modality,
    series: StoredSeries.parse(series),
    xraySides: Object.fromEntries(sides),
    instanceBytes: (sop) => {
      const hash = hashes.get(sop)
      if (hash === undefined)
        throw new InferenceFailure('IMAGE_ABSENT', 'a stack names an image that was never taken in')
      return blobs.get(hash)
    },
  }
}
