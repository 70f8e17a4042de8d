import { readFileSync } from 'node:fs'

/** analysis.R as it lies beside this file: independent code, the same in every bundle. */
export const analysisScript = (): string => readFileSync(new URL('./analysis/analysis.R', import.meta.url), 'utf8')
