import { type CellAnswer, type CellText, cellText } from '@facetgrade/grading/cell'
import { expect } from 'vitest'
import { type Chain, pageOf, type ReaderCode, STUDY_CODE } from './chain.ts'

type Pair = readonly [ReaderCode, ReaderCode]
const PAIRS: readonly Pair[] = [
  ['S1', 'S2'],
  ['J1', 'J2'],
]

/** The seniors settle one case together on two screens; every other room is settled by the same sessions. */
export async function adjudicateAll(chain: Chain): Promise<void> {
  await settleOnScreen(chain, ['S1', 'S2'])
  await Promise.all(PAIRS.map((pair) => settleTheRest(chain, pair)))
}

async function settleOnScreen(chain: Chain, [first, second]: Pair): Promise<void> {
  const [one, other] = [chain.people[first], chain.people[second]]
  await one.page.goto(pageOf(chain, '/adjudication'))
  await one.page
    .getByRole('link', { name: /Adjudicate case/ })
    .first()
    .click()
  await one.page.getByTestId('adjudication-room').waitFor()
  const roomId = one.page.url().split('/').at(-1) ?? ''
  const { items, position } = await one.api.adjudication.open.query({ studyCode: STUDY_CODE, roomId })
  await one.page.locator('canvas').first().waitFor()
  const decisions = new Map<CellText, CellAnswer>()
  for (const [index, { cell }] of items.entries()) {
    const grade = (index + 1) % 4
    await one.page.locator(`[data-testid="adjudication-item"][data-cell="${cellText(cell)}"]`).click()
    await one.page.keyboard.press(String(grade))
    await one.page.getByText(`${index + 1} of ${items.length} cells decided`).waitFor()
    decisions.set(cellText(cell), { kind: 'graded', grade })
  }
  await chain.shot(one.page, 'adjudication')
  await confirmOnScreen(one)
  await one.page.getByText('The other reader has not confirmed yet').waitFor()
  await other.page.goto(one.page.url())
  await other.page.getByText('Yours is the last confirmation').waitFor()
  await confirmOnScreen(other)
  await other.page.getByText('These decisions are the consensus').waitFor()
  chain.decided.set(`${first}/${position}`, decisions)
}

async function confirmOnScreen({ page, pin }: Chain['people']['S1']): Promise<void> {
  await page.getByRole('button', { name: 'Confirm', exact: true }).click()
  await page.getByRole('dialog').getByLabel('PIN').last().fill(pin)
  await page.getByRole('dialog').getByRole('button', { name: 'Confirm', exact: true }).click()
}

async function settleTheRest(chain: Chain, [first, second]: Pair): Promise<void> {
  const { api } = chain.people[first]
  const { rows, next } = await api.adjudication.rooms.query({ studyCode: STUDY_CODE, take: 200 })
  expect(next).toBeNull()
  for (const { roomId, state, position } of rows) {
    if (state !== 'open') continue
    const { items } = await api.adjudication.open.query({ studyCode: STUDY_CODE, roomId })
    const decisions = new Map<CellText, CellAnswer>()
    for (const { itemId, cell, values } of items) {
      // The higher grade, as a cautious pair would; a grade rather than "not assessable".
      const grades = values.flatMap((value) => (value.kind === 'graded' ? value.grade : []))
      const value: CellAnswer = { kind: 'graded', grade: Math.max(...grades) }
      await api.adjudication.decide.mutate({
        studyCode: STUDY_CODE,
        itemId,
        decisionId: crypto.randomUUID(),
        value,
        note: null,
      })
      decisions.set(cellText(cell), value)
    }
    for (const reader of [first, second]) {
      const person = chain.people[reader]
      const { decisionsHash } = await person.api.adjudication.open.query({ studyCode: STUDY_CODE, roomId })
      const proof = { method: 'pin', pin: person.pin } as const
      await person.api.adjudication.confirm.mutate({ studyCode: STUDY_CODE, roomId, decisionsHash, proof })
    }
    chain.decided.set(`${first}/${position}`, decisions)
  }
}
