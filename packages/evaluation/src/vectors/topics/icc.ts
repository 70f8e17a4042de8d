import { type IccForm, intraclassCorrelation } from '../../agreement/intraclass-correlation.ts'
import type { Json } from '../json.ts'
import { type EntryContext, matrixOf, type Topic } from '../vector-input.ts'

function form(model: IccForm['model'], type: IccForm['type'], unit: IccForm['unit']) {
  return ({ input }: EntryContext): Json => {
    const rows = matrixOf(input, 'x')
    const one = intraclassCorrelation(rows, { model, type, unit }, 0.95)
    if (typeof one === 'string') return null
    const kind = model === 'oneway' ? '' : type === 'consistency' ? 'C,' : 'A,'
    return {
      name: `ICC(${kind}${unit === 'single' ? 1 : (rows[0]?.length ?? 0)})`,
      icc: one.estimate,
      F: one.f,
      df1: one.df1,
      df2: one.df2,
      p: one.p,
      lower: one.ci.lower,
      upper: one.ci.upper,
    }
  }
}

export const iccTopic: Topic = {
  icc_oneway_single: form('oneway', 'consistency', 'single'),
  icc_oneway_average: form('oneway', 'consistency', 'average'),
  icc_twoway_c_single: form('twoway', 'consistency', 'single'),
  icc_twoway_c_average: form('twoway', 'consistency', 'average'),
  icc_twoway_a_single: form('twoway', 'agreement', 'single'),
  icc_twoway_a_average: form('twoway', 'agreement', 'average'),
}
