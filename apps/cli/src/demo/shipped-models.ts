import { z } from 'zod'
import { RefusedError } from '../refusal.ts'
import { RegisteredModel } from '../send-model.ts'
import type { DemoState } from './demo-state.ts'

const Shipped = z.array(z.object({ id: z.string() }))

/**
 * Registers what the product brings with it, as the simulated modeller. None is brought: none is registered.
 *
 * @throws {RefusedError} MODEL_REFUSED with the reasons
 */
export async function registerShippedModels({ address, studyCode, people }: DemoState): Promise<string[]> {
  const call = async (method: 'GET' | 'POST', path: string): Promise<unknown> => {
    const response = await fetch(new URL(`/api/models/${studyCode}/shipped${path}`, address), {
      method,
      headers: { authorization: `Bearer ${people.modeller?.token ?? ''}` },
    })
    if (!response.ok)
      throw new RefusedError('MODEL_REFUSED', `Registering a shipped model answered ${response.status}.`)
    return response.json()
  }
  const registered: string[] = []
  for (const { id } of Shipped.parse(await call('GET', ''))) {
    const { state, problems } = RegisteredModel.parse(await call('POST', `/${id}`))
    if (state === 'refused') {
      const reasons = problems.map(({ code }) => code).join(', ')
      throw new RefusedError('MODEL_REFUSED', `The shipped model ${id} was refused: ${reasons}.`)
    }
    registered.push(id)
  }
  return registered
}
