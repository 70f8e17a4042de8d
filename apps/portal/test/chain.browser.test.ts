import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchBrowser } from '@facetgrade/testing/browser'
import { type ChainInput, phantomInput, sharedImagesInput } from '@facetgrade/testing/chain-input'
import { startProduct } from '@facetgrade/testing/running-product'
import { expect, test } from 'vitest'
import { adjudicateAll } from './chain/adjudicate.ts'
import type { Chain } from './chain/chain.ts'
import { type Checked, checkDownloads } from './chain/check-downloads.ts'
import { confirmXraySides } from './chain/confirm-xray-sides.ts'
import { evaluate } from './chain/evaluate.ts'
import { expectReadersBlinded } from './chain/expect-blinded.ts'
import { foundStudy } from './chain/found-study.ts'
import { handOutCases } from './chain/hand-out-cases.ts'
import { importImages } from './chain/import-images.ts'
import { readAllCases } from './chain/read-cases.ts'
import { screenPatients } from './chain/screen-patients.ts'
import { sealSplit } from './chain/seal-split.ts'
import { picturesOfTheWalkthrough } from './chain/walkthrough-pictures.ts'

const SHARED = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data', 'derived_dicom')
const withoutPictures: Chain['shot'] = () => Promise.resolve()

/** The whole study as its people live it, from a hospital's folder to the numbers in the downloaded table. */
async function playChain(makeInput: (folder: string) => ChainInput, shot: Chain['shot']): Promise<Checked> {
  const folder = await mkdtemp(join(tmpdir(), 'facetgrade-chain-'))
  const product = await startProduct()
  const browser = await launchBrowser()
  try {
    const { origin, invitation = '' } = product
    const input = makeInput(folder)
    const step = stopwatch()
    const chain = await foundStudy({ browser, origin, invitation, input, shot })
    step('people')
    await importImages(chain)
    step('import')
    await confirmXraySides(chain)
    step('xray sides')
    const roster = await screenPatients(chain)
    step('screening')
    await sealSplit(chain, roster)
    step('split')
    await handOutCases(chain)
    step('assignments')
    await readAllCases(chain)
    step('reading')
    await adjudicateAll(chain)
    step('adjudication')
    await expectReadersBlinded(chain)
    const evaluated = await evaluate(chain)
    step('evaluation')
    const checked = await checkDownloads(chain, evaluated)
    step('downloads')
    return checked
  } finally {
    await browser.close()
    await product.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function stopwatch(): (step: string) => void {
  let last = performance.now()
  return (step) => {
    const now = performance.now()
    process.stdout.write(`chain: ${step} ${Math.round(now - last)} ms\n`)
    last = now
  }
}

test('the chain runs from a folder of phantoms to numbers that hold', async () => {
  const { numbers, intervals } = await playChain(phantomInput, picturesOfTheWalkthrough() ?? withoutPictures)
  expect(numbers).toBeGreaterThanOrEqual(90)
  expect(intervals).toBeGreaterThan(0)
})

test.skipIf(!existsSync(SHARED))(
  'the chain runs from the real lumbar CT, MR and the DX views to numbers that hold (skipped without ../shared)',
  async () => {
    const { numbers, intervals } = await playChain((folder) => sharedImagesInput(folder, SHARED), withoutPictures)
    expect(numbers).toBeGreaterThanOrEqual(90)
    expect(intervals).toBeGreaterThan(0)
  },
)
if (!existsSync(SHARED)) process.stderr.write('skipped 1 (needs ../shared/data/derived_dicom)\n')
