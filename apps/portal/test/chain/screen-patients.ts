import { expect } from 'vitest'
import { type Chain, pageOf, STUDY_CODE } from './chain.ts'
import type { Person } from './person.ts'

/** A fracture before the imaging: the one patient of the story who is left out. */
const EXCLUDED_BY = 'E2'
const FIVE_VERTEBRAE = { lumbarVertebrae: 'five', isTransitional: false, confirmedOn: 'sagittal' } as const

/** Levels numbered and a first look by the coordinator, a second look by the investigator; one patient is excluded. */
export async function screenPatients(chain: Chain): Promise<{ eligible: number }> {
  const { coordinator, investigator } = chain.people
  const { rows } = await coordinator.api.patients.list.query({ studyCode: STUDY_CODE, limit: 200 })
  const patients = rows.toSorted((a, b) => a.enrolmentNumber - b.enrolmentNumber)
  const excluded = patients.findLastIndex(({ exams }) => exams.mr === undefined && exams.xray === undefined)
  const shown = patients.findIndex(({ exams }) => (exams.mr ?? 0) > 0)
  for (const [index, { patientId }] of patients.entries()) {
    // On the screen: a patient with an MR exam, whose sagittal view the levels are counted on.
    if (index === shown) {
      await screenOnScreen(chain, patientId)
      continue
    }
    await coordinator.api.numbering.confirm.mutate({
      studyCode: STUDY_CODE,
      patientId,
      numbering: FIVE_VERTEBRAE,
      seenVersion: 0,
    })
    const isExcluded = index === excluded
    await look(coordinator, { patientId, isExcluded, which: 'firstLook' })
    await look(investigator, { patientId, isExcluded, which: 'secondLook' })
  }
  const flow = await investigator.api.screening.flow.query({ studyCode: STUDY_CODE })
  expect(flow).toMatchObject({ received: patients.length, eligible: patients.length - 1 })
  await investigator.page.goto(pageOf(chain, '/screening/flow'))
  await investigator.page.getByText('E2', { exact: false }).first().waitFor()
  await chain.shot(investigator.page, 'flow')
  return { eligible: patients.length - 1 }
}

/** One patient: numbered on the images, then judged by two people, each signing with their PIN. */
async function screenOnScreen(chain: Chain, patientId: string): Promise<void> {
  const { coordinator, investigator } = chain.people
  const { page } = coordinator
  await page.goto(pageOf(chain, '/screening'))
  await page.getByRole('table').getByRole('link').first().waitFor()
  await page.goto(pageOf(chain, `/screening/${patientId}`))
  const series = page.getByTestId('numbering').getByLabel('Series')
  expect(await series.locator('option:checked').textContent()).toContain('sagittal')
  await page.getByTestId('numbering').getByRole('img').first().waitFor()
  await page.getByLabel('Counted on').selectOption('sagittal')
  await page.getByRole('button', { name: 'Confirm numbering' }).click()
  await page.getByTestId('numbering-standing').getByText('Five, the usual spine').waitFor()
  await chain.shot(page, 'numbering')
  await lookOnScreen(coordinator, chain.shot)
  await investigator.page.goto(pageOf(chain, `/screening/${patientId}`))
  await lookOnScreen(investigator)
  await investigator.page.getByTestId('screening-standing').getByText('eligible', { exact: true }).waitFor()
}

async function lookOnScreen({ page, pin }: Person, shot?: Chain['shot']): Promise<void> {
  const form = page.getByTestId('look-form')
  await form.waitFor()
  for (const code of ['I1', 'I2', 'I3', 'E1', 'E2', 'E3', 'E4']) {
    const answer = code.startsWith('I') ? 'yes' : 'no'
    await page.getByTestId(`criterion-${code}`).getByRole('radio', { name: answer, exact: true }).check()
  }
  await page.getByTestId('look-outcome').getByText('Eligible', { exact: true }).scrollIntoViewIfNeeded()
  await shot?.(page, 'screening')
  await form.getByRole('button', { name: 'Sign' }).click()
  await page.getByRole('dialog').getByLabel('PIN').last().fill(pin)
  await page.getByRole('dialog').getByRole('button', { name: 'Sign' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
}

async function look(
  { api, pin }: Person,
  of: { patientId: string; isExcluded: boolean; which: 'firstLook' | 'secondLook' },
): Promise<void> {
  const { patientId, isExcluded } = of
  const shown = await api.screening.show.query({ studyCode: STUDY_CODE, patientId })
  const answers = Object.fromEntries(
    shown.criteria.map(({ code, kind, proposed }) => [
      code,
      proposed ?? (kind === 'inclusion' || (isExcluded && code === EXCLUDED_BY) ? 'yes' : 'no'),
    ]),
  )
  await api.screening[of.which].mutate({
    studyCode: STUDY_CODE,
    patientId,
    answers,
    decision: isExcluded ? 'excluded' : 'eligible',
    protocolVersion: shown.protocolVersion,
    seenLookId: shown.looks.at(-1)?.lookId ?? null,
    proof: { method: 'pin', pin },
  })
}
