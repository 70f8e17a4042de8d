import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { tinyGrader, tinyLocaliser } from '../test/tiny-model.ts'
import { field, onnxModel } from '../test/write-onnx.ts'
import { inspectModel } from './inspect-model.ts'
import { ModelManifest } from './model-manifest.ts'

const node = { op: 'Identity', inputs: ['crops'], outputs: ['logits'] }
const graph = {
  nodes: [node],
  inputs: [field('crops', [8, 64, 64]), field('present', [1])],
  outputs: [field('logits', [18]), field('distance', [1])],
  constants: [],
}
const inspected = (network: Uint8Array) => {
  const { manifest, files } = tinyGrader('ct', { network })
  return inspectModel(manifest, files).map(({ code, at }) => `${code} ${at}`)
}

test.each(['ct', 'mr', 'xray'] as const)('a whole grader for %s has no problem', (modality) => {
  const { manifest, files } = tinyGrader(modality)
  expect(inspectModel(manifest, files)).toEqual([])
})

test('a whole localiser has no problem', () => {
  const { manifest, files } = tinyLocaliser()
  expect(inspectModel(manifest, files)).toEqual([])
})

test.each<[string, string, Uint8Array]>([
  ['no ONNX', 'NOT_ONNX', new TextEncoder().encode('not a model at all')],
  ['nothing', 'NOT_ONNX', new Uint8Array(0)],
  ['a truncated file', 'NOT_ONNX', onnxModel(20, graph).subarray(0, 100)],
  ['another operator set', 'OPSET_UNSUPPORTED', onnxModel(12, graph)],
  [
    'weights in another file',
    'EXTERNAL_DATA',
    onnxModel(20, { ...graph, constants: [{ name: 'w', shape: [1], values: new Float32Array(1), isExternal: true }] }),
  ],
  [
    'an operator of another maker',
    'CUSTOM_OPERATOR',
    onnxModel(20, { ...graph, nodes: [node, { ...node, domain: 'com.example' }] }),
  ],
  [
    'another input',
    'INPUTS_DIFFER',
    onnxModel(20, { ...graph, inputs: [field('crops', [9, 64, 64]), field('present', [1])] }),
  ],
  ['an output too few', 'OUTPUTS_DIFFER', onnxModel(20, { ...graph, outputs: [field('logits', [18])] })],
])('%s is refused with %s', (_, code, network) => {
  expect(inspected(network)).toEqual([`${code} grader.onnx`])
})

test('other bytes than the manifest names are refused before anything reads them', () => {
  const { manifest, files } = tinyGrader()
  files.set('grader.onnx', onnxModel(20, graph))
  expect(inspectModel(manifest, files)).toEqual([{ code: 'HASH_DIFFERS', at: 'grader.onnx' }])
  files.delete('grader.onnx')
  expect(inspectModel(manifest, files)).toEqual([{ code: 'FILE_MISSING', at: 'grader.onnx' }])
})

test('a model of another preprocessing is refused', () => {
  const { manifest, files } = tinyGrader()
  const other = { ...manifest, training: { ...manifest.training, preprocessing: { version: 1, hash: 'd'.repeat(64) } } }
  expect(inspectModel(other, files)).toEqual([{ code: 'PREPROCESSING_UNKNOWN', at: 'version 1' }])
})

test.each(['splitSeal', 'pixelHashes', 'dataHash', 'preprocessing', 'codeCommit', 'seed', 'protocol'])(
  'a manifest without its %s does not parse',
  (name) => {
    const { training, ...manifest } = tinyGrader().manifest
    const rest = Object.fromEntries(Object.entries(training).filter(([key]) => key !== name))
    expect(ModelManifest.safeParse({ ...manifest, training }).success).toBe(true)
    expect(ModelManifest.safeParse({ ...manifest, training: rest }).success).toBe(false)
  },
)

test('a manifest says the truth about phantoms, or does not parse', () => {
  const { manifest } = tinyGrader()
  expect(ModelManifest.safeParse({ ...manifest, syntheticOnly: undefined }).success).toBe(false)
  expect(ModelManifest.safeParse({ ...manifest, syntheticOnly: false }).success).toBe(false)
})

test('bytes of a network changed anywhere never go unnoticed', () => {
  const { manifest, files } = tinyGrader()
  const whole = files.get('grader.onnx') ?? new Uint8Array(0)
  const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')
  // Whatever the reader meets in damaged bytes, it answers with a problem or with none, and never throws.
  for (let at = 0; at < whole.length; at += 7) {
    const damaged = whole.slice()
    damaged[at] = (damaged[at] ?? 0) ^ 0xff
    const [network] = manifest.networks
    const same = { ...manifest, networks: [{ ...network, sha256: sha256(damaged) }] } as ModelManifest
    expect(() => inspectModel(same, new Map([['grader.onnx', damaged]]))).not.toThrow()
  }
})
