import type { AnalysisPlan } from '@facetgrade/evaluation/analysis-plan'
import type { EvaluationDocument } from '@facetgrade/evaluation/evaluation-document'
import type { Protocol } from '@facetgrade/grading/protocol'
import { type FigureSource, figureSource } from '../figures/figure-source.ts'
import { type Language, type ReportWords, reportWordsIn } from '../words/language.ts'

/** One version of a document, by number and hash. */
type Versioned = { readonly version: number; readonly hash: string }

/** Everything that a report says beside the results: what they stand on. Times are ISO texts. */
export type ReportContext = {
  readonly studyCode: string
  readonly evaluationId: string
  readonly resultHash: string
  readonly createdAt: string
  readonly protocol: Versioned
  readonly plan: Versioned & { readonly lockedAt: string | null; readonly isLockedLate: boolean }
  readonly opening: {
    readonly ordinal: number
    readonly total: number
    readonly at: string
    readonly reason: string
  } | null
  readonly reference: Versioned | null
  readonly sealHash: string | null
  /** Version of this product. */
  readonly software: string
}

export type ReportInput = {
  readonly document: EvaluationDocument
  readonly protocol: Protocol
  readonly plan: AnalysisPlan
  readonly context: ReportContext
  readonly language: Language
}

export type ReportSource = FigureSource & Pick<ReportInput, 'plan' | 'context'> & { readonly say: ReportWords }

export function reportSource({ document, protocol, plan, context, language }: ReportInput): ReportSource {
  return { ...figureSource(document, protocol, language), plan, context, say: reportWordsIn(language) }
}

/** `2026-11-24 01:10 UTC`: the same on every machine. */
export const timeText = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`

export const shortHash = (hash: string): string => hash.slice(0, 16)
