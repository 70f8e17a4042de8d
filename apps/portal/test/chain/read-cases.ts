import { type CellAnswer, type CellText, cellText, parseCellText } from '@facetgrade/grading/cell'
import { expect } from 'vitest'
import { type Chain, type Modality, pageOf, READERS, type ReaderCode, STUDY_CODE } from './chain.ts'
import type { Person } from './person.ts'
import { seededAnswer } from './seeded-answer.ts'

const SHOWN: Readonly<Record<string, Modality>> = { 'X-ray': 'xray', CT: 'ct', MR: 'mr' }

/** Each reader reads and signs a first case by keyboard on the screen; the others through the same session. */
export async function readAllCases(chain: Chain): Promise<void> {
  for (const reader of READERS) await readOnScreen(chain, reader)
  await Promise.all(READERS.map((reader) => readTheRest(chain, reader)))
  for (const reader of READERS) {
    const { counts } = await chain.people[reader].api.assignments.mine.query({ studyCode: STUDY_CODE })
    expect(counts.signed).toBe(counts.total)
  }
}

async function readOnScreen(chain: Chain, reader: ReaderCode): Promise<void> {
  const { page, pin } = chain.people[reader]
  await page.goto(pageOf(chain, '/reading'))
  if (reader === 'J1') {
    await page.getByRole('link', { name: 'Start with case 1' }).waitFor()
    await chain.shot(page, 'worklist')
  }
  await page.getByRole('link', { name: 'Start with case 1' }).click()
  await page.getByTestId('case-page').waitFor()
  const title = (await page.getByRole('heading', { level: 1 }).innerText()).split(' · ').at(-1) ?? ''
  const modality = SHOWN[title]
  if (!modality) throw new Error(`case of ${title}`)
  await page.getByTestId('save-summary').getByText('everything saved').waitFor()
  await page.locator('canvas').first().waitFor()
  const cells = await page
    .locator('[data-cell]')
    .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('data-cell') ?? ''))
  const answers = new Map<CellText, CellAnswer>()
  for (const [index, text] of cells.entries()) {
    const cell = cellText(parseCellText(text))
    const answer = seededAnswer(reader, 1, cell)
    await answerByKey(page, answer)
    answers.set(cell, answer)
    if (reader === 'J1' && index === Math.floor(cells.length * 0.6)) {
      await page.getByTestId('save-summary').getByText('everything saved').waitFor()
      await chain.shot(page, 'reading')
    }
  }
  const summary = page.getByTestId('save-summary')
  await summary.and(page.locator(`[data-pending="0"][data-answered="${cells.length}"]`)).waitFor()
  await page.getByRole('button', { name: 'Sign', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('PIN').last().fill(pin)
  if (reader === 'J1') await chain.shot(page, 'sign')
  await dialog.getByRole('button', { name: 'Sign', exact: true }).click()
  await page.getByText('This reading is signed').waitFor()
  chain.entered.set(`${reader}/1`, { modality, answers })
}

async function answerByKey(page: Person['page'], answer: CellAnswer): Promise<void> {
  if (answer.kind === 'graded') return page.keyboard.press(String(answer.grade))
  await page.keyboard.press('n')
  await page.getByRole('dialog').getByRole('button', { name: 'Artefact' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
}

async function readTheRest(chain: Chain, reader: ReaderCode): Promise<void> {
  const { api, pin } = chain.people[reader]
  const { rows, next } = await api.assignments.mine.query({ studyCode: STUDY_CODE, limit: 200 })
  expect(next).toBeNull()
  for (const { assignmentId, position, modality, state } of rows) {
    if (state === 'signed') continue
    const one = { studyCode: STUDY_CODE, assignmentId }
    await api.cases.open.mutate(one)
    const { cells } = await api.readings.show.query(one)
    const asked = cells.filter(({ value }) => value.kind !== 'not_applicable').map(({ cell }) => cell)
    const answers = new Map(asked.map((cell) => [cellText(cell), seededAnswer(reader, position, cellText(cell))]))
    const { head } = await api.readings.append.mutate({
      ...one,
      knownSequence: 0,
      events: asked.map((cell, index) => ({
        id: crypto.randomUUID(),
        cell,
        value: seededAnswer(reader, position, cellText(cell)),
        how: 'entered',
        clientOffsetMs: 1000 * (index + 1),
      })),
    })
    await api.readings.sign.mutate({ ...one, head, language: 'en', proof: { method: 'pin', pin } })
    chain.entered.set(`${reader}/${position}`, { modality, answers })
  }
}
