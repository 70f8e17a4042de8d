const DAY_MS = 86_400_000

/** Days since 1970-01-01 of a DICOM date YYYYMMDD; undefined when it is not a day of the calendar. */
export function dayNumber(date: string): number | undefined {
  if (!/^\d{8}$/.test(date)) return undefined
  const year = Number(date.slice(0, 4))
  const month = Number(date.slice(4, 6))
  const day = Number(date.slice(6, 8))
  if (year < 1850) return undefined
  const time = Date.UTC(year, month - 1, day)
  const back = new Date(time)
  return back.getUTCMonth() === month - 1 && back.getUTCDate() === day ? time / DAY_MS : undefined
}

/** YYYYMMDD of a day number. */
export const dateOfDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')

/** Whole years between two dates, as a birthday counts them. Undefined when one is not a date or the order is wrong. */
export function wholeYears(from: string, to: string): number | undefined {
  if (dayNumber(from) === undefined || dayNumber(to) === undefined || from > to) return undefined
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4))
  return to.slice(4) < from.slice(4) ? years - 1 : years
}
