import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { evaluate } from '@facetgrade/evaluation/analysis/evaluate'
import type { AnalysisPlan } from '@facetgrade/evaluation/analysis-plan'
import { resampleHere } from '@facetgrade/evaluation/bootstrap/resample-here'
import { defaultAnalysisPlan } from '@facetgrade/evaluation/default-analysis-plan'
import { simulatedEvaluation } from '@facetgrade/evaluation/simulation/simulated-evaluation'
import { Protocol } from '@facetgrade/grading/protocol'
import type { ReportInput } from '../src/sections/report-source.ts'

export const shippedProtocol = (): Protocol =>
  Protocol.parse(
    JSON.parse(
      readFileSync(join(import.meta.dirname, '..', '..', '..', 'protocols', 'lumbar-facet-joint.json'), 'utf8'),
    ),
  )

const hash = (letter: string): string => letter.repeat(64)

const CONTEXT: ReportInput['context'] = {
  studyCode: 'facet-simulated',
  evaluationId: '1f0e7c1e-0000-4000-8000-000000000000',
  resultHash: hash('a'),
  createdAt: '2026-11-24T00:10:00.000Z',
  protocol: { version: 2, hash: hash('b') },
  plan: { version: 1, hash: hash('c'), lockedAt: '2026-11-20T10:00:00.000Z', isLockedLate: false },
  opening: { ordinal: 1, total: 1, at: '2026-11-21T10:00:00.000Z', reason: 'First evaluation as planned' },
  reference: { version: 1, hash: hash('d') },
  sealHash: hash('e'),
  software: '0.1.0',
}

/** A report on simulated grades: the whole plan through the real kernels, in seconds. */
export async function aSimulatedReport(
  of: {
    readonly patients?: number
    readonly modalities?: Protocol['modalities']
    readonly notAssessable?: number
  } = {},
): Promise<Omit<ReportInput, 'language'>> {
  const whole = shippedProtocol()
  const modalities = of.modalities ?? whole.modalities
  const protocol: Protocol = { ...whole, modalities }
  const shipped = defaultAnalysisPlan(protocol)
  const plan: AnalysisPlan = {
    ...shipped,
    interval: { ...shipped.interval, bootstrap: { ...shipped.interval.bootstrap, replicates: 200 } },
  }
  const settings = { patients: of.patients ?? 40, seed: 7, notAssessable: of.notAssessable ?? 0.04 }
  const document = await evaluate(simulatedEvaluation({ protocol, plan }, settings), resampleHere)
  return { document, protocol, plan, context: CONTEXT }
}
