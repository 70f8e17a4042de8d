import { expect } from 'vitest'
import { type Chain, READERS, STUDY_CODE } from './chain.ts'

/** No page, answer or image that a reader ever got holds a patient code, a hospital id or a name of a patient. */
export async function expectReadersBlinded(chain: Chain): Promise<void> {
  const { rows } = await chain.people.coordinator.api.patients.list.query({ studyCode: STUDY_CODE, limit: 200 })
  const secrets = [
    ...rows.map(({ patientCode }) => patientCode),
    ...chain.input.patients.flatMap(({ patientId, name }) => [patientId, name, name.replace('^', ' ')]),
  ]
  for (const reader of READERS) {
    const heard = await chain.people[reader].heard()
    expect(heard.some(({ url }) => url.includes('/frames/'))).toBe(true)
    const leaks = heard.filter(({ text }) => secrets.some((secret) => text.includes(secret))).map(({ url }) => url)
    expect(leaks).toEqual([])
  }
}
