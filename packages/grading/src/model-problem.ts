import { z } from 'zod'

/** Why a model was refused: one sentence each on screens and in the command line. */
export const ModelProblemCode = z.enum([
  'MANIFEST_UNREADABLE',
  'MANIFEST_INVALID',
  'PROVENANCE_MISSING',
  'FILE_MISSING',
  'HASH_DIFFERS',
  'NOT_ONNX',
  'OPSET_UNSUPPORTED',
  'EXTERNAL_DATA',
  'CUSTOM_OPERATOR',
  'INPUTS_DIFFER',
  'OUTPUTS_DIFFER',
  'PREPROCESSING_UNKNOWN',
  'PIXEL_HASHES_INVALID',
  'CANNOT_RUN',
])
export type ModelProblemCode = z.infer<typeof ModelProblemCode>

/** `at` names the file, or the place in the manifest. */
export const ModelProblem = z.strictObject({ code: ModelProblemCode, at: z.string().max(200).nullable() })
export type ModelProblem = z.infer<typeof ModelProblem>

export const ModelKind = z.enum(['grader', 'localiser'])
export type ModelKind = z.infer<typeof ModelKind>

/** Why one exam of a run of a model came to nothing. */
export const RunFailure = z.enum([
  'IMAGE_ABSENT',
  'IMAGE_DAMAGED',
  'IMAGE_UNREADABLE',
  'MODEL_NOT_ALLOWED',
  'NETWORK_ABSENT',
  'NETWORK_REFUSED',
  'PROCESS_DIED',
  'PROVIDER_MISSING',
  'TOO_SLOW',
  'UNEXPECTED',
  'WORKER_LOST',
])
export type RunFailure = z.infer<typeof RunFailure>
