/** Where to go after signing in: a path of this origin, whatever the address says. */
export function nextPath(wanted: string | null): string {
  return wanted !== null && /^\/(?![/\\])/.test(wanted) ? wanted : '/'
}
