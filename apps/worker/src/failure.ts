/** What may be written about a bug: its kind, and where. The text of database errors quotes values and stays out. */
export function describeFailure(error: unknown): { name: string; code?: string; message?: string; at: string[] } {
  if (!(error instanceof Error)) return { name: typeof error, at: [] }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const isDatabase = error.name.startsWith('Prisma') || 'severity' in error
  const at = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return {
    name: error.name,
    ...code,
    ...(isDatabase ? {} : { message: error.message }),
    at: at.slice(0, 8).map((line) => line.trim()),
  }
}
