import { canonicalJson } from '@facetgrade/grading/canonical-json'
import type { Level } from '@facetgrade/grading/joint'
import { patientLevels } from '@facetgrade/grading/level-numbering'
import type { Modality } from '@facetgrade/grading/modality'
import type { JointPoint } from '@facetgrade/grading/points'
import type { Protocol } from '@facetgrade/grading/protocol'
import type { RunPurpose } from '../models/model-run-store.ts'
import type { AllowedNetwork } from '../models/model-store.ts'
import { sha256 } from '../sha256.ts'
import type { Stores } from '../stores.ts'
import type { XraySide } from '../xray-sides/xray-side.ts'
import type { ExamInput, NewRecord } from './prediction-store.ts'

/** One exam for one model: all that the computation needs, plain, so that it crosses to another process. */
export type ExamTask = {
  readonly purpose: RunPurpose
  /** The record that the result will be written with, but for who made it and how long it took. */
  readonly key: Omit<NewRecord, 'executionProvider' | 'versions' | 'elapsedMs'>
  readonly pointSetVersion: number | null
  /** Manifest and allowed networks; parsed and checked again by who runs them. */
  readonly model: { readonly manifest: unknown; readonly networks: readonly AllowedNetwork[] }
  readonly exam: {
    readonly protocol: Protocol
    readonly modality: Modality
    readonly levels: readonly Level[]
    readonly points: readonly JointPoint[]
    readonly series: readonly unknown[]
    readonly sides: readonly (readonly [sop: string, side: XraySide])[]
    readonly images: readonly { readonly sop: string; readonly blobHash: string }[]
  }
}

export type BegunExam = { readonly kind: 'task'; readonly task: ExamTask } | { readonly kind: 'over' }

type Place = { studyId: string; runId: string; examId: string }

/**
 * What is to be computed for one exam of a run. Over when the run was cancelled, when it was given up, or when the same
 * input went through the same model before: then its results are this run's too, and nothing is computed twice.
 *
 * @throws {ModelGoneError} the run's model is not registered
 */
export async function beginExam(stores: Stores, place: Place): Promise<BegunExam> {
  const { studyId, runId, examId } = place
  const at = await stores.modelRuns.exam(runId, examId)
  if (!at) throw new Error('a job for an exam that is not in its run')
  if (at.state !== 'waiting' && at.state !== 'running') return { kind: 'over' }
  if (at.isCancelled) {
    await stores.modelRuns.drop(runId, examId)
    return { kind: 'over' }
  }
  const model = await stores.models.find(at.modelId)
  if (model?.state !== 'registered' || model.preprocessingVersion === null) throw new ModelGoneError()
  const input = await stores.predictions.examInput(examId)
  if (!input) throw new Error('a run names an exam that is not there')
  const { protocol } = await stores.protocol.latest(studyId)
  const levels = patientLevels(protocol, input.numbering ?? { lumbarVertebrae: 'five' })
  const key = {
    studyId,
    examId,
    patientId: at.patientId,
    modality: at.modality,
    runId,
    modelId: model.modelId,
    modelHash: model.hash,
    preprocessingVersion: model.preprocessingVersion,
    inputHash: inputHash({ protocol, modality: at.modality, levels, input, purpose: at.purpose }),
  }
  const isThere =
    at.purpose === 'predict' ? await stores.predictions.isThere(key) : await stores.predictions.isProposed(key)
  if (isThere) {
    await stores.modelRuns.settle(runId, examId, { wasThere: true })
    return { kind: 'over' }
  }
  await stores.modelRuns.begin(runId, examId)
  const { manifest, networks } = model
  return {
    kind: 'task',
    task: {
      purpose: at.purpose,
      key,
      pointSetVersion: input.pointSet?.version ?? null,
      model: { manifest, networks },
      exam: {
        protocol,
        modality: at.modality,
        levels,
        points: input.pointSet?.points ?? [],
        series: input.series,
        sides: [...input.sides],
        images: input.images.map(({ sop, blobHash }) => ({ sop, blobHash })),
      },
    },
  }
}

/** The model that a run names is not, or no longer, one that this study allows. */
export class ModelGoneError extends Error {
  override name = 'ModelGoneError'
}

/**
 * Names everything that the result depends on beside the model: pixels, judged geometry, confirmed sides, levels, points
 * and the protocol's scales. The exam's own UID is among them, so that equal pixels of two patients stay two inputs.
 */
function inputHash(of: {
  protocol: Protocol
  modality: Modality
  levels: readonly Level[]
  input: ExamInput
  purpose: RunPurpose
}): string {
  const { protocol, modality, levels, input, purpose } = of
  return sha256(
    canonicalJson({
      exam: input.studyInstanceUid,
      modality,
      levels: [...levels],
      features: protocol.features,
      images: input.images.map(({ sop, pixelHash }) => [sop, pixelHash]),
      series: input.series,
      sides: [...input.sides],
      points: purpose === 'predict' ? (input.pointSet?.points ?? null) : null,
    }),
  )
}
