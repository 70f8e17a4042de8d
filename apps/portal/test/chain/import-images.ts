import { expect } from 'vitest'
import { type Chain, pageOf, STUDY_CODE } from './chain.ts'

/** Folder and key on the coordinator's screen, pseudonymised in the browser; the same again; then the clinical table. */
export async function importImages(chain: Chain): Promise<void> {
  const { coordinator } = chain.people
  const { page } = coordinator
  const { files, patients } = chain.input
  await refuseAsAWhole(chain)
  await page.goto(pageOf(chain, '/imports'))
  await page.getByLabel('Folder').setInputFiles(chain.input.folder)
  await page.getByLabel('Key file').setInputFiles(chain.input.keyFile)
  await page.getByRole('button', { name: 'Start import' }).click()
  await page.getByText(`${files.toLocaleString('en')} received`, { exact: false }).waitFor({ timeout: 200_000 })
  const imports = await coordinator.api.imports.list.query({ studyCode: STUDY_CODE })
  expect(imports.rows.map(({ counts }) => counts)).toEqual([[{ outcome: 'accepted', code: 'ACCEPTED', files }]])
  expect(await page.getByText('received = ').innerText()).toContain(sums(files, 0))
  await chain.shot(page, 'import')
  await page.getByLabel('CSV file').setInputFiles(chain.input.clinicalTable)
  await page.getByRole('button', { name: 'Take the table' }).click()
  await page.getByText(`${patients.length} rows taken.`).waitFor()
  await importAgain(chain)
  await page.getByRole('link', { name: 'Ledger' }).click()
  await page.getByRole('heading', { name: 'Ledger' }).waitFor()
  await page.getByRole('table', { name: 'Files' }).getByText('DUPLICATE').first().waitFor()
  await chain.shot(page, 'ledger')
  const list = await coordinator.api.patients.list.query({ studyCode: STUDY_CODE, limit: 200 })
  expect(list.total).toBe(patients.length)
  expect(list.rows.every(({ ageYears, site }) => ageYears !== null && site !== null)).toBe(true)
  const counts = { CT: 'ct', MR: 'mr', DX: 'xray' } as const
  for (const [modality, name] of Object.entries(counts)) {
    const wanted = patients.filter(({ modalities }) => modalities.some((one) => one === modality)).length
    expect(list.rows.filter(({ exams }) => (exams[name] ?? 0) > 0)).toHaveLength(wanted)
  }
}

/** Workers whose code is gone (the pages were built anew under an open tab) refuse the import, not its files. */
async function refuseAsAWhole(chain: Chain): Promise<void> {
  const { coordinator } = chain.people
  const { page } = coordinator
  await page.goto(pageOf(chain, '/imports'))
  await page.getByLabel('Folder').setInputFiles(chain.input.folder)
  await page.getByLabel('Key file').setInputFiles(chain.input.keyFile)
  const chunks = '**/_next/static/**'
  await page.route(chunks, (route) => route.abort())
  await page.getByRole('button', { name: 'Start import' }).click()
  await page.getByText('no file was read or refused', { exact: false }).waitFor()
  await page.unroute(chunks)
  const { rows } = await coordinator.api.imports.list.query({ studyCode: STUDY_CODE })
  expect(rows.flatMap(({ counts }) => counts)).toEqual([])
}

async function importAgain(chain: Chain): Promise<void> {
  const { page } = chain.people.coordinator
  const { files } = chain.input
  await page.goto(pageOf(chain, '/imports'))
  await page.getByLabel('Folder').setInputFiles(chain.input.folder)
  await page.getByLabel('Key file').setInputFiles(chain.input.keyFile)
  await page.getByRole('button', { name: 'Start import' }).click()
  await page.getByText(sums(0, files), { exact: false }).waitFor({ timeout: 200_000 })
}

const sums = (accepted: number, duplicate: number): string =>
  `${accepted} accepted + ${duplicate} duplicate + 0 held + 0 quarantined + 0 rejected`
