import { createHash } from 'node:crypto'
import type { ModelProblem, ModelProblemCode } from '@facetgrade/grading/model-problem'
import type { ModelManifest, Network, TensorInfo } from './model-manifest.ts'
import { networkTensors } from './network-contract.ts'
import { FLOAT, type OnnxStructure, type OnnxValue, readOnnx } from './onnx-structure.ts'
import { PREPROCESSING_VERSIONS, preprocessing } from './preprocessing.ts'
import { ProtobufError } from './protobuf-fields.ts'

/** Operator sets that the runtime here is tested with. */
const OPSETS = { oldest: 17, newest: 23 } as const

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')

/**
 * Everything against running a model, read from its bytes without running them: hashes, operator set, data in other files,
 * operators of other makers, inputs and outputs against the manifest and against what its role takes. None: an empty list.
 *
 * @param files  by the name that the manifest gives them
 */
export function inspectModel(manifest: ModelManifest, files: ReadonlyMap<string, Uint8Array>): ModelProblem[] {
  const problems: ModelProblem[] = []
  const { version, hash } = manifest.training.preprocessing
  if (!PREPROCESSING_VERSIONS.includes(version) || hash !== preprocessing(sha256).hash) {
    problems.push({ code: 'PREPROCESSING_UNKNOWN', at: `version ${version}` })
  }
  for (const network of manifest.networks) {
    const bytes = files.get(network.file)
    const codes = bytes ? networkProblems(manifest, network, bytes) : ['FILE_MISSING' as const]
    problems.push(...codes.map((code) => ({ code, at: network.file })))
  }
  return problems
}

function networkProblems(manifest: ModelManifest, network: Network, bytes: Uint8Array): ModelProblemCode[] {
  if (sha256(bytes) !== network.sha256) return ['HASH_DIFFERS']
  const structure = structureOf(bytes)
  if (!structure) return ['NOT_ONNX']
  const problems: ModelProblemCode[] = []
  const opset = structure.opsets.get('') ?? 0
  if (opset < OPSETS.oldest || opset > OPSETS.newest || opset !== network.opset) problems.push('OPSET_UNSUPPORTED')
  if (structure.hasExternalData) problems.push('EXTERNAL_DATA')
  if ([...structure.domains].some((domain) => domain !== '')) problems.push('CUSTOM_OPERATOR')
  const contract = networkTensors(manifest, network)
  if (!isAlike(network.inputs, contract.inputs) || !holds(structure.inputs, contract.inputs))
    problems.push('INPUTS_DIFFER')
  if (!isAlike(network.outputs, contract.outputs) || !holds(structure.outputs, contract.outputs))
    problems.push('OUTPUTS_DIFFER')
  return problems
}

function structureOf(bytes: Uint8Array): OnnxStructure | undefined {
  try {
    return readOnnx(bytes)
  } catch (error) {
    if (error instanceof ProtobufError) return undefined
    throw error
  }
}

const textOf = ({ name, shape }: TensorInfo): string => `${name} ${shape.join(' ')}`
const isAlike = (a: readonly TensorInfo[], b: readonly TensorInfo[]): boolean =>
  a.map(textOf).toSorted().join() === b.map(textOf).toSorted().join()

/** The file has exactly these, float, with a free batch; a size that it leaves open is no contradiction. */
function holds(values: readonly OnnxValue[], wanted: readonly TensorInfo[]): boolean {
  return (
    values.length === wanted.length &&
    wanted.every(({ name, shape }) => {
      const value = values.find((candidate) => candidate.name === name)
      return (
        value?.elementType === FLOAT &&
        value.shape.length === shape.length &&
        value.shape.every((size, axis) => (axis === 0 ? size === null : size === null || size === shape[axis]))
      )
    })
  )
}
