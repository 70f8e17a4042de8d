import { expect } from 'vitest'
import { type Chain, pageOf, STUDY_CODE } from './chain.ts'

/** The investigator previews in counts, seals with the PIN, and a second seal is refused. */
export async function sealSplit(chain: Chain, { eligible }: { eligible: number }): Promise<void> {
  const { page, api, pin } = chain.people.investigator
  await page.goto(pageOf(chain, '/split'))
  await page.getByRole('button', { name: 'Preview the split' }).click()
  const rosterHash = await page.getByTestId('split-roster-hash').innerText()
  await chain.shot(page, 'split')
  await page.getByTestId('split-seal').click()
  await page.getByRole('dialog').getByLabel('PIN').last().fill(pin)
  await page.getByRole('button', { name: 'Seal for good' }).click()
  await page.getByText('Hash of the seal').waitFor()
  const split = await api.split.show.query({ studyCode: STUDY_CODE })
  if (split.state !== 'sealed') throw new Error('the split is not sealed')
  const { train, validation, test } = split.counts
  expect([train + validation + test, validation, test]).toEqual([
    eligible,
    Math.round(eligible * 0.15),
    Math.round(eligible * 0.15),
  ])
  await expect(
    api.split.seal.mutate({ studyCode: STUDY_CODE, rosterHash, protocolVersion: 1, proof: { method: 'pin', pin } }),
  ).rejects.toThrow('SPLIT_SEALED')
}
