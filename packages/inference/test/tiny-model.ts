import { createHash } from 'node:crypto'
import { FEATURES } from '@facetgrade/grading/feature'
import type { Modality } from '@facetgrade/grading/modality'
import { ModelManifest as Manifest, type ModelManifest } from '../src/model-manifest.ts'
import { networkTensors } from '../src/network-contract.ts'
import { preprocessing } from '../src/preprocessing.ts'
import { field, type OnnxNode, onnxModel } from './write-onnx.ts'

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')
const OPSET = 20

/**
 * A grader that is a real, tiny network: the mean of each channel, leaning to one side, times a weight. It judges nothing;
 * it shows that what goes in comes out.
 */
export function tinyGrader(
  modality: Modality = 'ct',
  changes: { id?: string; maximumDistance?: number; network?: Uint8Array } = {},
): { manifest: ModelManifest; files: Map<string, Uint8Array> } {
  const heads = [...FEATURES, 'severity' as const].map((feature) => ({
    feature,
    levels: 4,
    temperature: 1,
    shifts: [0, 0, 0],
    conformal: { alpha: 0.1, minimumProbability: [0.2, 0.2, 0.2, 0.2] },
    operatingPoints: [{ cutGrade: 2, threshold: 0.5 }],
  }))
  const range = { min: -1, max: 2 }
  const draft = manifestOf('grader', changes.id ?? 'tiny-grader', {
    grader: {
      modalities: {
        [modality]: {
          heads,
          unlikeTraining: { maximumDistance: changes.maximumDistance ?? 10, mean: range, standardDeviation: range },
        },
      },
    },
    networks: [
      { role: 'grader', modality, file: 'grader.onnx', sha256: '0'.repeat(64), opset: OPSET, inputs: [], outputs: [] },
    ],
  })
  return withNetworks(draft, (_, { inputs }) => {
    const [, channels = 1] = inputs[0]?.shape ?? []
    return changes.network ?? graderNetwork(Number(channels), heads.length * 3)
  })
}

/** A localiser whose maps follow the brightness of the picture. */
export function tinyLocaliser(
  modality: 'ct' | 'mr' = 'ct',
  minimumConfidence = 0,
): {
  manifest: ModelManifest
  files: Map<string, Uint8Array>
} {
  const network = (role: 'localiser-sagittal' | 'localiser-axial', file: string) => ({
    role,
    modality,
    file,
    sha256: '0'.repeat(64),
    opset: OPSET,
    inputs: [],
    outputs: [],
  })
  const draft = manifestOf('localiser', 'tiny-localiser', {
    localiser: { modalities: { [modality]: { minimumConfidence, namingConfidence: 0.9 } } },
    networks: [network('localiser-sagittal', 'sagittal.onnx'), network('localiser-axial', 'axial.onnx')],
  })
  return withNetworks(draft, (role) => (role === 'localiser-sagittal' ? sagittalNetwork() : axialNetwork()))
}

type Draft = Omit<ModelManifest, 'networks'> & {
  networks: (Omit<ModelManifest['networks'][number], 'inputs' | 'outputs'> & { inputs: never[]; outputs: never[] })[]
}

function manifestOf(
  kind: 'grader' | 'localiser',
  id: string,
  rest: Pick<Draft, 'networks'> & Partial<ModelManifest>,
): Draft {
  return {
    format: 'facetgrade-model/1',
    id,
    version: '1.0.0',
    kind,
    title: 'A tiny network for tests',
    syntheticOnly: true,
    training: {
      studyCode: 'made',
      studyKind: 'synthetic',
      splitSeal: 'a'.repeat(64),
      protocol: { version: 1, hash: 'b'.repeat(64) },
      preprocessing: preprocessing(sha256),
      dataHash: 'c'.repeat(64),
      labels: 'phantom-truth',
      patients: { train: 1, validation: 1 },
      pixelHashes: { file: 'pixel-hashes.txt', sha256: sha256(PIXEL_HASHES), count: 1 },
      codeCommit: 'abcdef0',
      seed: 1,
      settings: {},
      versions: {},
    },
    ...rest,
  } as Draft
}

const PIXEL_HASHES = `${'0'.repeat(16)}\n`

function withNetworks(
  draft: Draft,
  make: (role: string, of: { inputs: readonly { shape: readonly unknown[] }[] }) => Uint8Array,
) {
  const files = new Map<string, Uint8Array>([['pixel-hashes.txt', new TextEncoder().encode(PIXEL_HASHES)]])
  const networks = draft.networks.map((network) => {
    const tensors = networkTensors(draft as unknown as ModelManifest, network)
    const bytes = make(network.role, tensors)
    files.set(network.file, bytes)
    return { ...network, sha256: sha256(bytes), inputs: [...tensors.inputs], outputs: [...tensors.outputs] }
  })
  return { manifest: Manifest.parse({ ...draft, networks }), files }
}

/** Deterministic weights between −1 and 1. */
const weights = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, index) => Math.sin(index * 12.9898 + 1))

function graderNetwork(channels: number, logits: number): Uint8Array {
  const nodes: OnnxNode[] = [
    { op: 'Mul', inputs: ['crops', 'ramp'], outputs: ['leaning'] },
    { op: 'GlobalAveragePool', inputs: ['leaning'], outputs: ['pooled'] },
    { op: 'Flatten', inputs: ['pooled'], outputs: ['flat'], attributes: { axis: 1 } },
    { op: 'MatMul', inputs: ['flat', 'weights'], outputs: ['logits'] },
    { op: 'MatMul', inputs: ['flat', 'ones'], outputs: ['distance'] },
  ]
  return onnxModel(OPSET, {
    nodes,
    inputs: [field('crops', [channels, 64, 64]), field('present', [groupsOf(channels)])],
    outputs: [field('logits', [logits]), field('distance', [1])],
    constants: [
      { name: 'weights', shape: [channels, logits], values: weights(channels * logits) },
      // Left is not right to it, and up is not down.
      {
        name: 'ramp',
        shape: [1, 1, 64, 64],
        values: Float32Array.from({ length: 4096 }, (_, at) => ((at % 64) + at / 128) / 32),
      },
      { name: 'ones', shape: [channels, 1], values: new Float32Array(channels).fill(1) },
    ],
  })
}

const groupsOf = (channels: number): number => ({ 8: 1, 16: 2, 3: 3 })[channels] ?? 1

/** Maps of the picture's brightness: every channel alike, each map summing to 1. */
function sagittalNetwork(): Uint8Array {
  return onnxModel(OPSET, {
    nodes: [
      { op: 'Conv', inputs: ['slices', 'mix'], outputs: ['mixed'] },
      {
        op: 'AveragePool',
        inputs: ['mixed'],
        outputs: ['halved'],
        attributes: { kernel_shape: [2, 2], strides: [2, 2] },
      },
      ...spatialSoftmax('halved', 'heatmaps'),
    ],
    inputs: [field('slices', [9, 128, 128])],
    outputs: [field('heatmaps', [5, 64, 64])],
    constants: [
      { name: 'mix', shape: [5, 9, 1, 1], values: new Float32Array(45).fill(4) },
      { name: 'flat_shape', integers: [0, 5, -1] },
      { name: 'map_shape', integers: [0, 5, 64, 64] },
    ],
  })
}

function axialNetwork(): Uint8Array {
  return onnxModel(OPSET, {
    nodes: [
      { op: 'Conv', inputs: ['slab', 'mix'], outputs: ['mixed'] },
      { op: 'Mul', inputs: ['mixed', 'halves'], outputs: ['sided'] },
      ...spatialSoftmax('sided', 'heatmaps'),
      { op: 'GlobalAveragePool', inputs: ['mixed'], outputs: ['pooled'] },
      { op: 'Flatten', inputs: ['pooled'], outputs: ['flat'], attributes: { axis: 1 } },
      { op: 'Mul', inputs: ['flat', 'zero'], outputs: ['offset'] },
    ],
    inputs: [field('slab', [5, 64, 64])],
    outputs: [field('heatmaps', [2, 64, 64]), field('offset', [2])],
    constants: [
      { name: 'mix', shape: [2, 5, 1, 1], values: new Float32Array(10).fill(4) },
      {
        name: 'halves',
        shape: [1, 2, 64, 64],
        values: Float32Array.from({ length: 2 * 64 * 64 }, (_, at) => (at % 64 >= 32 === at < 64 * 64 ? 1 : 0)),
      },
      { name: 'zero', shape: [1], values: new Float32Array(1) },
      { name: 'flat_shape', integers: [0, 2, -1] },
      { name: 'map_shape', integers: [0, 2, 64, 64] },
    ],
  })
}

const spatialSoftmax = (from: string, to: string): OnnxNode[] => [
  { op: 'Reshape', inputs: [from, 'flat_shape'], outputs: [`${to}_rows`] },
  { op: 'Softmax', inputs: [`${to}_rows`], outputs: [`${to}_soft`], attributes: { axis: 2 } },
  { op: 'Reshape', inputs: [`${to}_soft`, 'map_shape'], outputs: [to] },
]
