import { type Chain, pageOf } from './chain.ts'

/** The investigator hands every case to all four readers, each in an order of their own. */
export async function handOutCases(chain: Chain): Promise<void> {
  const { page } = chain.people.investigator
  await page.goto(pageOf(chain, '/assignments'))
  await page.getByRole('button', { name: 'Hand out cases' }).click()
  await page.getByText(/J1: \d+ cases/).waitFor()
  await chain.shot(page, 'assignments')
}
