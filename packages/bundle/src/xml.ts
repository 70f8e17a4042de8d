/** Characters that XML 1.0 cannot hold (§2.2). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g
const SPECIAL = /[&<>"\t\r\n]/

/** Text as it may stand in an element or in a quoted attribute. */
export function xml(text: string): string {
  const clean = text.replace(UNWRITABLE, '')
  if (!SPECIAL.test(clean)) return clean
  return clean
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;')
}
