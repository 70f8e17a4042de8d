import process from 'node:process'
import { intervalCoverage } from './interval-coverage.ts'

/** Prints the coverage table of docs/methods.md: `pnpm --filter @facetgrade/evaluation coverage [runs]`. */
function main(argument: string | undefined): void {
  const runs = Number(argument ?? 10_000)
  if (!Number.isInteger(runs) || runs < 1) throw new RangeError(`coverage: ${argument} runs`)
  const sizes = [30, 100]
  const tables = sizes.map((patients) =>
    intervalCoverage(
      { patients, jointsPerPatient: 10, shared: 0.3, error: 0.6 },
      { runs, seed: 20_240_611, population: 100_000 },
    ),
  )
  const lines = (tables[0] ?? []).map(({ metric, truth }, m) => {
    const shares = tables.map((table) => `${(100 * (table[m]?.covered ?? Number.NaN)).toFixed(1)} %`)
    return `| ${metric} | ${truth.toFixed(3)} | ${shares.join(' | ')} |`
  })
  const head = [
    `| interval | value | ${sizes.map((one) => `${one} patients`).join(' | ')} |`,
    `|---|---|${sizes.map(() => '---|').join('')}`,
  ]
  process.stdout.write(`${[...head, ...lines].join('\n')}\n`)
}

main(process.argv[2])
