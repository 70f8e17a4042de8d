import type { ReportSource } from './report-source.ts'

/** What the numbers cannot carry: from the data, the plan and the results themselves. */
export function limitations({ document, protocol, context, say }: ReportSource): string[] {
  const { limitation } = say
  const readers = document.comparators.filter(({ kind }) => kind === 'reader').length
  const few = document.rows.filter(
    (row) => row.result.flags.includes('few_clusters') && row.result.estimate !== null,
  ).length
  const undefinedResults = document.rows.filter(
    (row) => row.result.estimate === null && row.analysis !== 'interaction',
  ).length
  const mostMissing = Math.max(
    0,
    ...document.rows.filter((row) => row.analysis === 'performance').map((row) => row.result.nMissing),
  )
  const opened = context.opening?.total ?? 0
  return [
    ...(document.studyKind === 'synthetic' ? [limitation.synthetic] : []),
    ...(document.studyKind === 'demo' ? [limitation.demo] : []),
    ...(document.data === 'simulated' ? [limitation.simulated] : []),
    ...(readers > 0 ? [limitation.fixedReaders(readers)] : []),
    ...(protocol.readerGroups.length > 1 ? [limitation.groups] : []),
    limitation.reference,
    limitation.retrospective,
    ...(protocol.modalities.includes('xray') ? [limitation.xray] : []),
    limitation.internal,
    ...(mostMissing > 0 ? [limitation.missing(mostMissing)] : []),
    ...(few > 0 ? [limitation.fewClusters(few)] : []),
    ...(undefinedResults > 0 ? [limitation.undefinedResults(undefinedResults, document.rows.length)] : []),
    ...(opened > 1 ? [limitation.dryOpenings(opened)] : []),
  ]
}
