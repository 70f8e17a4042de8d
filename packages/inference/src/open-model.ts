import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Modality } from '@facetgrade/grading/modality'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import onnxruntime from 'onnxruntime-node/package.json' with { type: 'json' }
import type { ModelManifest, NetworkRole, TensorInfo } from './model-manifest.ts'

/** `auto`: CUDA where it is there, else the processor. A named one: that or nothing. What was used is always said. */
export type ProviderChoice = 'auto' | 'cuda' | 'cpu'
export type ExecutionProvider = 'cuda' | 'cpu'

/** Joints of a batch: a patient's ten. Shapes stay the same from run to run: a short batch is filled up with zeros. */
export const BATCH = 10
/** A localiser looks at one midline, then at five levels. */
const BATCH_OF: Readonly<Record<NetworkRole, number>> = {
  grader: BATCH,
  'localiser-sagittal': 1,
  'localiser-axial': 5,
}

export type OpenModel = {
  readonly manifest: ModelManifest
  readonly executionProvider: ExecutionProvider
  readonly versions: Readonly<Record<string, string>>
  /** Has a network of this role for the modality. */
  has(role: NetworkRole, modality: Modality): boolean
  /** Runs items through a network. Outputs by name, each items × its size, in the order of the items. */
  run(
    network: { role: NetworkRole; modality: Modality },
    items: readonly NetworkItem[],
  ): Promise<ReadonlyMap<string, Float32Array>>
  release(): Promise<void>
}

/** Inputs of one item by name, each of the size that the manifest gives without its batch. */
export type NetworkItem = Readonly<Record<string, Float32Array | readonly number[]>>

/** The provider that was asked for is not on this machine. */
export class ProviderMissing extends Error {
  override name = 'ProviderMissing'
}

/** The bytes are not those of the manifest, or the runtime does not take them. */
export class NetworkRefused extends Error {
  override name = 'NetworkRefused'
}

type Loaded = {
  readonly batch: number
  readonly session: InferenceSession
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
}

export type ToOpen = {
  readonly manifest: ModelManifest
  /** By the name that the manifest gives them; that they are allowed is the caller's to know. */
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly provider?: ProviderChoice
  /** Threads of one run; the rest of the machine is left to others. */
  readonly threads?: number
}

/**
 * Opens every network of a model from bytes, checks the bytes against the manifest, and runs each once so that the first
 * real answer is as fast as the others.
 *
 * @throws {ProviderMissing} @throws {NetworkRefused}
 */
export async function openModel({ manifest, files, provider = 'auto', threads = 1 }: ToOpen): Promise<OpenModel> {
  const used = await providerOf(manifest, files, { provider, threads })
  const loaded = new Map<string, Loaded>()
  for (const { role, modality, file, inputs, outputs } of manifest.networks) {
    const session = await sessionOf(bytesOf(manifest, files, file), { provider: used, threads })
    loaded.set(`${role}/${modality}`, { batch: BATCH_OF[role], session, inputs, outputs })
  }
  const model: OpenModel = {
    manifest,
    executionProvider: used,
    versions: { 'onnxruntime-node': onnxruntime.version, node: process.versions.node },
    has: (role, modality) => loaded.has(`${role}/${modality}`),
    run: (network, items) => {
      const found = loaded.get(`${network.role}/${network.modality}`)
      if (!found) throw new RangeError(`the model has no ${network.role} for ${network.modality}`)
      return runItems(found, items)
    },
    release: async () => {
      for (const { session } of loaded.values()) await session.release()
    },
  }
  for (const network of loaded.values()) {
    await runItems(network, [
      Object.fromEntries(network.inputs.map((input) => [input.name, new Float32Array(sizeOf(input))])),
    ])
  }
  return model
}

function bytesOf(manifest: ModelManifest, files: ReadonlyMap<string, Uint8Array>, file: string): Uint8Array {
  const bytes = files.get(file)
  const expected = manifest.networks.find((network) => network.file === file)?.sha256
  if (!bytes) throw new NetworkRefused(`${file} is missing`)
  if (createHash('sha256').update(bytes).digest('hex') !== expected)
    throw new NetworkRefused(`${file} is not the file of the manifest`)
  return bytes
}

type Settings<Provider> = { readonly provider: Provider; readonly threads: number }

/** Tries CUDA on the first network where it may be used. A missing provider fails when the session is made. */
async function providerOf(
  manifest: ModelManifest,
  files: ReadonlyMap<string, Uint8Array>,
  { provider, threads }: Settings<ProviderChoice>,
): Promise<ExecutionProvider> {
  const [first] = manifest.networks
  if (provider === 'cpu' || !first) return 'cpu'
  if (!hasCudaLibrary()) {
    if (provider === 'auto') return 'cpu'
    throw new ProviderMissing('CUDA was asked for, and its library is not beside the runtime')
  }
  try {
    const session = await InferenceSession.create(
      bytesOf(manifest, files, first.file),
      optionsOf({ provider: 'cuda', threads }),
    )
    await session.release()
    return 'cuda'
  } catch (error) {
    if (error instanceof NetworkRefused) throw error
    if (provider === 'auto') return 'cpu'
    throw new ProviderMissing('CUDA was asked for and is not on this machine', { cause: error })
  }
}

/** Asked before the runtime is, which would write of a missing library to standard error. */
function hasCudaLibrary(): boolean {
  if (process.platform !== 'linux') return true
  const runtime = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))
  return existsSync(join(runtime, 'bin', 'napi-v6', 'linux', process.arch, 'libonnxruntime_providers_cuda.so'))
}

const optionsOf = ({ provider, threads }: Settings<ExecutionProvider>): InferenceSession.SessionOptions => ({
  executionProviders: provider === 'cuda' ? ['cuda', 'cpu'] : ['cpu'],
  graphOptimizationLevel: 'all',
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  // Threads that spin while they wait take the processor from everything else on the machine.
  extra: { session: { intra_op: { allow_spinning: '0' } } },
  logSeverityLevel: 4,
})

async function sessionOf(bytes: Uint8Array, settings: Settings<ExecutionProvider>): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(bytes, optionsOf(settings))
  } catch (error) {
    throw new NetworkRefused(error instanceof Error ? error.message : 'the runtime does not take the network')
  }
}

const sizeOf = ({ shape }: TensorInfo): number =>
  shape.reduce<number>((product, size) => product * (size === 'batch' ? 1 : size), 1)

async function runItems(
  { batch, session, inputs, outputs }: Loaded,
  items: readonly NetworkItem[],
): Promise<Map<string, Float32Array>> {
  const results = new Map(outputs.map((output) => [output.name, new Float32Array(items.length * sizeOf(output))]))
  for (let from = 0; from < items.length; from += batch) {
    const some = items.slice(from, from + batch)
    const feeds = Object.fromEntries(inputs.map((input) => [input.name, filled(input, batch, some)]))
    const answers = await session.run(feeds)
    for (const output of outputs) {
      const size = sizeOf(output)
      const data = answers[output.name]?.data
      if (!(data instanceof Float32Array) || data.length !== batch * size)
        throw new NetworkRefused(`${output.name} has another shape`)
      results.get(output.name)?.set(data.subarray(0, some.length * size), from * size)
    }
  }
  return results
}

/** A whole batch with these items first and zeros after them. */
function filled(input: TensorInfo, batch: number, items: readonly NetworkItem[]): Tensor {
  const size = sizeOf(input)
  const data = new Float32Array(batch * size)
  for (const [index, item] of items.entries()) {
    const values = item[input.name]
    if (values?.length !== size) throw new RangeError(`${input.name} has another size`)
    data.set(values, index * size)
  }
  return new Tensor('float32', data, [batch, ...input.shape.slice(1).map(Number)])
}
