import { betaCdf, betaQuantile } from '../../distribution/beta.ts'
import { binomialCdf } from '../../distribution/binomial.ts'
import { chiSquaredQuantile, chiSquaredUpper } from '../../distribution/chi-squared.ts'
import { fQuantile, fUpper } from '../../distribution/f-ratio.ts'
import { noncentralFUpper } from '../../distribution/noncentral-f.ts'
import { noncentralTCdf } from '../../distribution/noncentral-t.ts'
import { normalCdf, normalQuantile, normalUpper } from '../../distribution/normal.ts'
import { studentQuantile, studentUpper } from '../../distribution/student-t.ts'
import { type EntryContext, literalsIn, numbersOf, type Topic } from '../vector-input.ts'

function each(keys: readonly string[], apply: (...values: number[]) => number) {
  return ({ input }: EntryContext): number[] => {
    const columns = keys.map((key) => numbersOf(input, key))
    return (columns[0] as number[]).map((_, i) => apply(...columns.map((column) => column[i] as number)))
  }
}

/** Where the input has no list of that name, the command states it. */
function stated({ input, command }: EntryContext, key: string): number[] {
  return input[key] === undefined ? literalsIn(command) : numbersOf(input, key)
}

export const distributionsTopic: Topic = {
  qnorm: each(['pn'], (p = 0) => normalQuantile(p)),
  pnorm: each(['zn'], (z = 0) => normalCdf(z)),
  pnorm_upper: each(['zn'], (z = 0) => normalUpper(z)),
  qt: each(['pt_p', 'pt_df'], (p = 0, df = 0) => studentQuantile(p, df)),
  pt_upper: each(['tt', 'pt_df'], (t = 0, df = 0) => studentUpper(t, df)),
  qf: each(['pf_p', 'f1', 'f2'], (p = 0, df1 = 0, df2 = 0) => fQuantile(p, df1, df2)),
  pf_upper: each(['fx', 'f1', 'f2'], (f = 0, df1 = 0, df2 = 0) => fUpper(f, df1, df2)),
  pchisq_upper: each(['cx', 'cd'], (x = 0, df = 0) => chiSquaredUpper(x, df)),
  qchisq: (of) => numbersOf(of.input, 'cd').map((df, i) => chiSquaredQuantile(stated(of, 'cp')[i] as number, df)),
  qbeta: each(['bp', 'ba', 'bb'], (p = 0, a = 0, b = 0) => betaQuantile(p, a, b)),
  pbeta: each(['bx', 'ba', 'bb'], (x = 0, a = 0, b = 0) => betaCdf(x, a, b)),
  pbinom: each(['bk', 'bn', 'bpr'], (k = 0, n = 0, p = 0) => binomialCdf(k, n, p)),
  pf_noncentral_upper: each(['fx', 'f1', 'f2', 'ncp'], (f = 0, df1 = 0, df2 = 0, ncp = 0) =>
    noncentralFUpper(f, [df1, df2], ncp),
  ),
  pt_noncentral: (of) => {
    const [t, df] = [numbersOf(of.input, 'tt'), numbersOf(of.input, 'pt_df')]
    return t.map((one, i) => noncentralTCdf(one, df[i] as number, stated(of, 'tncp')[i] as number))
  },
}
