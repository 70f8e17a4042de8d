import { parse } from 'csv-parse/sync'
import { z } from 'zod'

/** The rows of a downloaded table by column name. */
export const csvRows = (text: string): Record<string, string>[] =>
  z.array(z.record(z.string(), z.string())).parse(parse(text, { bom: true, columns: true }))
