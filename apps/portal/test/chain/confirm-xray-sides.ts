import type { Outputs } from '../../src/shell/trpc.ts'
import { type Chain, pageOf, STUDY_CODE } from './chain.ts'

type Image = Outputs['xraySides']['list']['rows'][number]

/** One image is confirmed on the screen, the others by the same session. */
export async function confirmXraySides(chain: Chain): Promise<void> {
  const { api, page } = chain.people.coordinator
  await page.goto(pageOf(chain, '/xray-sides'))
  const form = page.getByTestId('xray-side').first()
  await form.getByRole('img').waitFor()
  await form.getByLabel('View').selectOption('ap')
  await form.getByLabel('The patient’s right is').selectOption('left-edge')
  await chain.shot(page, 'xray-side')
  const before = await api.xraySides.list.query({ studyCode: STUDY_CODE, limit: 200 })
  await form.getByRole('button', { name: 'Confirm', exact: true }).click()
  await page.getByText(`${before.counts.open - 1} of ${before.counts.images} images wait`).waitFor()
  const { rows } = await api.xraySides.list.query({ studyCode: STUDY_CODE, limit: 200 })
  for (const image of rows) {
    await api.xraySides.confirm.mutate({ studyCode: STUDY_CODE, instanceId: image.instanceId, side: sideOf(image) })
  }
}

/** As the file proposes; where it is silent, a coordinator would look at the marker. */
function sideOf({ proposal }: Image) {
  const patientRight = proposal.patientRight === 'right-edge' ? 'right-edge' : 'left-edge'
  if (proposal.view === 'lateral') return { view: proposal.view, patientRight: 'none', shownJoints: null } as const
  if (proposal.view === 'oblique') {
    return { view: proposal.view, patientRight, shownJoints: proposal.shownJoints ?? 'right' } as const
  }
  return { view: proposal.view ?? 'ap', patientRight, shownJoints: null } as const
}
