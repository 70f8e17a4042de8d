/** What the watcher asks of a child, and what it hears. */
export type FuzzOrder = { seed: string; from: number; step: number; isSingle: boolean }
export type FuzzAnswer =
  | { kind: 'ready' }
  | { kind: 'begun'; index: number; bytes: number }
  | { kind: 'answered'; index: number; code: string; ms: number; fault: string | null }
