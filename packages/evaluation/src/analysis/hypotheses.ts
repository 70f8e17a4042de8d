import type { AnalysisPlan } from '../analysis-plan.ts'
import { normalUpper } from '../distribution/normal.ts'
import { studentUpper } from '../distribution/student-t.ts'
import type { EvaluationComparator } from '../evaluation-document.ts'
import { type EvaluationRow, rowId } from '../evaluation-row.ts'
import { benjaminiHochberg } from '../multiplicity/benjamini-hochberg.ts'
import { holm } from '../multiplicity/holm.ts'
import type { Result } from '../result.ts'
import { digits } from './row.ts'

type Family = AnalysisPlan['families'][number]

/**
 * The tests of the plan's declared families, each on the row that estimates its difference: model against each reader of the
 * compared groups, model against the panel of these (fixed) readers, aided against unaided panel. One-sided tests
 * (non-inferiority at the margin, superiority) reject at half the family's level, as the lower limit of the two-sided interval
 * does; p is adjusted over the whole family, tests without a p not counted.
 *
 * @see methods 2.12
 */
export function hypothesisRows(
  rows: readonly EvaluationRow[],
  comparators: readonly EvaluationComparator[],
  plan: AnalysisPlan,
): EvaluationRow[] {
  const readers = new Set(comparators.filter(({ kind }) => kind === 'reader').map(({ code }) => code))
  return plan.families.flatMap((family) => {
    const members = rows.filter((row) => isMember(row, family, readers))
    const margins = members.map((row) => marginOf(row, family, plan))
    const values = members.map((row, i) => testOf(row.result, family.hypothesis, margins[i] ?? null))
    const adjusted = family.adjust === 'holm' ? holm(values) : benjaminiHochberg(values)
    return members.map((row, i) =>
      tested(row, { family, margin: margins[i] ?? null, p: values[i] ?? null, pAdjusted: adjusted[i] ?? null }),
    )
  })
}

function isMember(row: EvaluationRow, family: Family, readers: ReadonlySet<string>): boolean {
  const { analysis, metric, modality, feature, against } = row
  if (!(family.metrics as readonly string[]).includes(metric) || !family.modalities.includes(modality)) return false
  if (feature === null || !family.features.includes(feature)) return false
  switch (family.comparison) {
    case 'model_vs_reader':
      return analysis === 'model_vs_reader' && against !== null && readers.has(against)
    case 'model_vs_panel':
      return analysis === 'model_vs_panel' && row.result.target === 'fixed_readers'
    case 'aided_vs_unaided':
      return (
        analysis === 'aided_vs_unaided' && row.comparator.startsWith('panel:') && row.result.target === 'fixed_readers'
      )
    case 'junior_vs_senior':
      return false
  }
}

function marginOf(row: EvaluationRow, family: Family, plan: AnalysisPlan): number | null {
  if (family.hypothesis !== 'non_inferiority') return null
  const rule = plan.margins.find((one) => one.metric === row.metric && one.comparison === family.comparison)
  return rule?.margin ?? null
}

function testOf({ estimate, se, df, p }: Result, kind: Family['hypothesis'], margin: number | null): number | null {
  if (kind === 'difference') return p
  if (estimate === null || se === null || se === 0) return null
  const statistic = (estimate + (margin ?? 0)) / se
  return df === null ? normalUpper(statistic) : studentUpper(statistic, df)
}

type Test = { family: Family; margin: number | null; p: number | null; pAdjusted: number | null }

function tested(row: EvaluationRow, { family, margin, p, pAdjusted }: Test): EvaluationRow {
  const level = family.hypothesis === 'difference' ? family.level : family.level / 2
  const { id: of, result, ...own } = row
  const key = {
    ...own,
    analysis: 'hypothesis' as const,
    hypothesis: { kind: family.hypothesis, margin, of, isRejected: pAdjusted === null ? null : pAdjusted <= level },
  }
  return {
    id: `${rowId(key, result.target)}/${family.id}`,
    ...key,
    result: {
      ...result,
      p: p === null ? null : digits(p),
      pAdjusted: pAdjusted === null ? null : digits(pAdjusted),
      family: family.id,
      method: `${result.method}/${family.hypothesis.replace('_', '-')}-${family.adjust.replaceAll('_', '-')}`,
    },
  }
}
