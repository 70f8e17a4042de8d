import type { ModelProblemCode, RunFailure } from '@facetgrade/grading/model-problem'

/** Why a model was refused, for a shell. */
export const MODEL_PROBLEMS: Readonly<Record<ModelProblemCode, string>> = {
  MANIFEST_UNREADABLE: 'manifest.json is not JSON.',
  MANIFEST_INVALID: 'The manifest breaks its format.',
  PROVENANCE_MISSING: 'The manifest does not say where the model comes from: seal, export, images, code and seed.',
  FILE_MISSING: 'A file that the manifest names is not there.',
  HASH_DIFFERS: 'A file is not the one that the manifest names: its SHA-256 differs.',
  NOT_ONNX: 'A network is not a readable ONNX file.',
  OPSET_UNSUPPORTED: 'A network uses an operator set that this product does not run.',
  EXTERNAL_DATA: 'A network keeps its weights in another file; it must be one file.',
  CUSTOM_OPERATOR: 'A network uses operators that are not part of ONNX.',
  INPUTS_DIFFER: 'A network takes other inputs than the manifest says.',
  OUTPUTS_DIFFER: 'A network gives other outputs than the manifest says.',
  PREPROCESSING_UNKNOWN: 'The model was trained on another preprocessing than this product does.',
  PIXEL_HASHES_INVALID: 'The list of training images is not the one that the manifest names.',
  CANNOT_RUN: 'The runtime cannot open the model.',
}

/** Why an exam of a run came to nothing, for a shell. */
export const RUN_FAILURES: Readonly<Record<RunFailure, string>> = {
  IMAGE_ABSENT: 'An image is not in the store.',
  IMAGE_DAMAGED: 'A stored image is damaged: its content is not its hash.',
  IMAGE_UNREADABLE: 'An image cannot be decoded.',
  MODEL_NOT_ALLOWED: 'The model is not registered in this study.',
  NETWORK_ABSENT: 'A network of the model is not in the store of this worker.',
  NETWORK_REFUSED: 'The runtime refused a network of the model.',
  PROCESS_DIED: 'The process of the model died.',
  PROVIDER_MISSING: 'The worker was told to use an execution provider that its machine does not have.',
  TOO_SLOW: 'The model did not answer in time.',
  UNEXPECTED: 'Something unforeseen; the log of the worker says what.',
  WORKER_LOST: 'The worker was lost on every attempt.',
}

export const SYNTHETIC_NOTE = 'Trained on synthetic phantoms; says nothing about patients.'
