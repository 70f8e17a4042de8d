import { expect } from 'vitest'
import { type Chain, pageOf, STUDY_CODE } from './chain.ts'
import { csvRows } from './csv-rows.ts'

const TABLES = ['grade-events.csv', 'grades.csv', 'consensus.csv', 'reference.csv', 'reading-order.csv'] as const
const REASON = 'First evaluation as planned in the protocol'

/** Before the test part is opened no table holds a row of it, and there is no result. The patients that were in them. */
async function expectTestPartSealed(chain: Chain): Promise<ReadonlySet<string>> {
  const { statistician } = chain.people
  const seen = new Set<string>()
  for (const table of TABLES) {
    const { status, text } = await statistician.fetchText(`/api/exports/${STUDY_CODE}/${table}`)
    expect(status).toBe(200)
    const rows = csvRows(text)
    expect(rows.length).toBeGreaterThan(0)
    expect(new Set(rows.map((row) => row['part']))).toEqual(new Set(['train', 'validation']))
    for (const row of rows) seen.add(row['patient_code'] ?? '')
  }
  await expect(statistician.api.evaluation.run.mutate({ studyCode: STUDY_CODE })).rejects.toThrow('NOT_UNSEALED')
  return seen
}

/** Reference, plan, lock, opening with a reason, results: on the screens of those whose acts they are. */
export async function evaluate(chain: Chain): Promise<{ seenBefore: ReadonlySet<string> }> {
  const { statistician, investigator } = chain.people
  const { page } = investigator
  await page.goto(pageOf(chain, '/evaluation'))
  await page.getByRole('button', { name: 'Derive reference' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Derive reference' }).click()
  await page.getByText('Valid').first().waitFor()
  const seenBefore = await expectTestPartSealed(chain)
  const plans = statistician.page
  await plans.goto(pageOf(chain, '/evaluation'))
  await plans.getByRole('button', { name: 'New plan' }).click()
  await plans.getByRole('button', { name: 'Create plan' }).click()
  await plans.getByRole('button', { name: 'Lock', exact: true }).click()
  await plans.getByRole('dialog').getByRole('button', { name: 'Lock', exact: true }).click()
  await plans
    .getByText(/^.?Locked/)
    .first()
    .waitFor()
  await page.reload()
  await page.getByRole('button', { name: 'Open the test part' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill(REASON)
  await chain.shot(page, 'unsealing')
  await page.getByRole('dialog').getByRole('button', { name: 'Open the test part' }).click()
  await page.getByText(REASON).waitFor()
  await page.getByRole('button', { name: 'Run evaluation' }).click()
  await page.getByLabel('Modality', { exact: true }).selectOption('ct')
  const joints = page.getByRole('table', { name: 'Against the reference' })
  await joints.getByTestId('J1/ct/narrowing/accuracy').waitFor()
  await page.getByTestId('figure-roc-ct').locator('svg[role=img]').waitFor()
  await joints.getByTestId('J1/ct/cyst/accuracy').scrollIntoViewIfNeeded()
  await chain.shot(page, 'results')
  return { seenBefore }
}
