import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { inspectModel } from './inspect-model.ts'
import { ModelManifest, type Network } from './model-manifest.ts'
import { type NetworkItem, type OpenModel, openModel } from './open-model.ts'

/** What PyTorch answered at training time to inputs that a formula gives: x[i] = 0.5 + 0.5 sin(0.37 i), flat over the batch. */
const Parity = z.object({
  batch: z.literal(16),
  networks: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({ shape: z.array(z.int()), stride: z.int().positive(), values: z.array(z.number()).min(1) }),
    ),
  ),
})
const MODELS = new URL('../../../models/', import.meta.url)
const ids = readdirSync(MODELS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/manifest.json`, MODELS)))
  .map(({ name }) => name)

test('models are shipped', () => {
  expect(ids.length).toBeGreaterThan(0)
})

describe.each(ids)('shipped model %s', (id) => {
  const read = (file: string): Buffer<ArrayBuffer> => readFileSync(new URL(`${id}/${file}`, MODELS))
  const manifest = ModelManifest.parse(JSON.parse(read('manifest.json').toString()))
  const files = new Map(manifest.networks.map(({ file }) => [file, new Uint8Array(read(file))]))

  test('passes the inspection that a registration makes, and says that it is of phantoms', () => {
    expect(inspectModel(manifest, files)).toEqual([])
    expect(manifest).toMatchObject({ id, syntheticOnly: true })
  })

  test.each([1, 10, 16])('answers as PyTorch did to within 1e-4, with the same signs, %i at once', async (batch) => {
    const { networks } = Parity.parse(JSON.parse(read('parity.json').toString()))
    const model = await openModel({ manifest, files, provider: 'cpu' })
    const worst = await Promise.all(
      manifest.networks.map(async (network) =>
        worstDifference(await answers(model, network, batch), networks[network.file], batch),
      ),
    )
    await model.release()
    expect(Object.keys(networks).toSorted()).toEqual(manifest.networks.map(({ file }) => file).toSorted())
    expect(Math.max(...worst)).toBeLessThanOrEqual(1e-4)
  })
})

type Expected = z.infer<typeof Parity>['networks'][string] | undefined

/** Infinite where PyTorch's answer is missing, or where a logit clearly has the other sign. */
function worstDifference(outputs: ReadonlyMap<string, Float32Array>, expected: Expected, batch: number): number {
  let worst = outputs.size > 0 && expected ? 0 : Number.POSITIVE_INFINITY
  for (const [name, output] of outputs) {
    const wanted = expected?.[name]
    if (!wanted) return Number.POSITIVE_INFINITY
    const perItem = wanted.shape.slice(1).reduce((product, size) => product * size, 1)
    for (const [index, value] of wanted.values.entries()) {
      const at = index * wanted.stride
      if (at >= perItem * batch) break
      const own = output[at] ?? Number.POSITIVE_INFINITY
      worst = Math.max(worst, Math.abs(own - value))
      if (Math.abs(value) > 1e-3 && Math.sign(own) !== Math.sign(value)) return Number.POSITIVE_INFINITY
    }
  }
  return worst
}

function answers(
  model: OpenModel,
  { role, modality, inputs }: Network,
  batch: number,
): Promise<ReadonlyMap<string, Float32Array>> {
  const items = Array.from(
    { length: batch },
    (_, item): NetworkItem =>
      Object.fromEntries(
        inputs.map(({ name, shape }) => {
          const size = shape.slice(1).reduce<number>((product, one) => product * Number(one), 1)
          const values = name === 'present' ? new Float32Array(size).fill(1) : made(item * size, size)
          return [name, values]
        }),
      ),
  )
  return model.run({ role, modality }, items)
}

const made = (from: number, count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, index) => 0.5 + 0.5 * Math.sin(0.37 * (from + index)))
