import { clustersOf } from '../../cluster/clusters.ts'
import { rowsOf, type SquareMatrix } from '../../matrix.ts'
import { type ModelVersusPanel, modelVersusPanel } from '../../mrmc/model-versus-panel.ts'
import { nestedGroups } from '../../mrmc/nested-groups.ts'
import { clusteredAucCovariance } from '../../roc/clustered-auc.ts'
import { mean } from '../../sample-moments.ts'
import { limits } from '../answers.ts'
import { aucCovariance, componentsOf } from '../crossed-study.ts'
import type { Json } from '../json.ts'
import { distinct, type EntryContext, labelsOf, matrixOf, numbersOf, onLevels, type Topic } from '../vector-input.ts'

type Input = EntryContext['input']
type Panel = { model: number; readers: number[]; covariance: SquareMatrix; result: ModelVersusPanel }

function panel(input: Input): Panel | null {
  const isClustered = input['cluster'] !== undefined
  const model = numbersOf(input, input['model_scores'] === undefined ? 'model' : 'model_scores')
  const scores = [model, ...matrixOf(input, input['reader_ratings'] === undefined ? 'R' : 'reader_ratings')]
  const parts = componentsOf(numbersOf(input, 'truth'), scores)
  if (parts === null) return null
  const covariance = isClustered
    ? clusteredAucCovariance(parts, clustersOf(labelsOf(input, 'cluster')))
    : aucCovariance(parts, scores, 'jackknife')
  if (covariance === null || typeof covariance === 'string') return null
  const [ofModel = 0, ...readers] = parts.map((one) => one.auc)
  return {
    model: ofModel,
    readers,
    covariance,
    result: modelVersusPanel({ model: ofModel, readers }, covariance, 0.95),
  }
}

export const panelTopic: Topic = {
  rrrc_1T: ({ input }) => {
    const one = panel(input)
    const random = one?.result.randomReaders
    if (!one || !random) return null
    const average = mean(one.readers)
    const shift = average - one.result.difference
    return {
      fomCAD: one.model,
      fomRAD: one.readers,
      avgRadFom: average,
      CIAvgRad: random.ci && [random.ci.lower + shift, random.ci.upper + shift],
      avgDiffFom: random.estimate,
      CIAvgDiffFom: limits(random.ci),
      varR: one.result.msReader,
      varError: one.result.variance,
      cov2: one.result.cov2,
      Tstat: random.statistic,
      df: random.df,
      pval: random.p,
    }
  },
  rrfc_1T: ({ input }) => {
    const cases = panel(input)?.result.fixedCases
    return cases
      ? {
          avgDiffFom: cases.estimate,
          CIAvgDiffFom: limits(cases.ci),
          Tstat: cases.statistic,
          df: cases.df,
          pval: cases.p,
        }
      : null
  },
}

export const clusteredPanelTopic: Topic = {
  rrrc_1T_clustered: ({ input }) => {
    const one = panel(input)
    if (!one) return null
    const { result } = one
    const random = result.randomReaders
    return {
      auc_model: one.model,
      auc_readers: one.readers,
      mean_diff_readers_minus_model: result.difference,
      msr: result.msReader,
      cov2: result.cov2,
      t: random?.statistic ?? null,
      df: random?.df ?? null,
      p: random?.p ?? null,
      ci: limits(random?.ci ?? null),
      fixed_readers_se: result.fixedReaders?.se ?? null,
      cov: rowsOf(one.covariance),
    }
  },
}

export const nestedTopic: Topic = {
  nested: ({ input }): Json => {
    const parts = componentsOf(numbersOf(input, 'truth'), matrixOf(input, 'R'))
    const covariance = parts && clusteredAucCovariance(parts, clustersOf(labelsOf(input, 'cluster')))
    if (parts === null || covariance === null || typeof covariance === 'string') return null
    const auc = parts.map((one) => one.auc)
    const group = numbersOf(input, 'group')
    const nested = nestedGroups(auc, onLevels(group, distinct(group)), { covariance, level: 0.95 })
    if (typeof nested === 'string') return null
    return {
      auc,
      group_means: nested.groupMeans,
      MST: nested.msGroup,
      MSR_T: nested.msReaderInGroup,
      cov2: nested.cov2,
      cov3: nested.cov3,
      F: nested.f,
      df1: nested.df1,
      df2: nested.df2,
      p: nested.p,
      diff: nested.difference?.estimate ?? null,
      se: nested.difference?.se ?? null,
      ci: limits(nested.difference?.ci ?? null),
      fixed_readers_se: nested.fixedReaders?.se ?? null,
      fixed_readers_p: nested.fixedReaders?.p ?? null,
    }
  },
}
