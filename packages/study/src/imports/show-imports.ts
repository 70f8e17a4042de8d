import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'
import type { ImportRow, LedgerOutcome, OutcomeCount } from './import-store.ts'

export type ImportProgress = ImportRow & {
  /** Files that have their line. At the end it equals fileCount, and the sum over `counts`. */
  answered: number
  counts: readonly OutcomeCount[]
  filesPerSecond: number | null
  packsStored: number
  packsDone: number
}

export async function showImport(stores: Stores, importId: string): Promise<ImportProgress> {
  const row = await stores.imports.find(importId)
  if (!row) throw new StudyError('NOT_FOUND')
  const packs = await stores.imports.packs(importId)
  const counts = (await stores.imports.counts([importId])).get(importId) ?? []
  return progressOf(row, counts, { stored: packs.length, done: packs.filter((pack) => pack.isDone).length })
}

function progressOf(
  row: ImportRow,
  counts: readonly OutcomeCount[],
  packs: { stored: number; done: number },
): ImportProgress {
  const answered = counts.reduce((sum, { files }) => sum + files, 0)
  return {
    ...row,
    answered,
    counts,
    filesPerSecond: row.elapsedMs > 0 ? (answered * 1000) / row.elapsedMs : null,
    packsStored: packs.stored,
    packsDone: packs.done,
  }
}

/** Newest first, one page with its counts. */
export async function listImports(
  stores: Stores,
  page: { studyId: string; after?: string | undefined; limit: number },
): Promise<{ rows: readonly (ImportRow & { counts: readonly OutcomeCount[] })[]; next: string | null }> {
  const rows = await stores.imports.list({ ...page, after: page.after })
  const counts = await stores.imports.counts(rows.map((row) => row.importId))
  return {
    rows: rows.map((row) => ({ ...row, counts: counts.get(row.importId) ?? [] })),
    next: rows.length === page.limit ? (rows.at(-1)?.importId ?? null) : null,
  }
}

export async function showLedger(
  stores: Stores,
  page: {
    importId: string
    outcome?: LedgerOutcome | undefined
    code?: string | undefined
    after?: number | undefined
    limit: number
  },
) {
  const row = await stores.imports.find(page.importId)
  if (!row) throw new StudyError('NOT_FOUND')
  const lines = await stores.imports.ledger({ ...page, outcome: page.outcome, code: page.code, after: page.after })
  return {
    rows: lines.map(({ fileIndex, outcome, code }) => ({ fileIndex, outcome, code })),
    next: lines.length === page.limit ? (lines.at(-1)?.fileIndex ?? null) : null,
  }
}
