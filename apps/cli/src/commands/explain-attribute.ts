import { SOP_CLASSES } from '@facetgrade/dicom/allow-list'
import { explain } from '@facetgrade/dicom/explain'
import type { CliContext } from '../cli-context.ts'
import { UsageError } from '../refusal.ts'

/** `deid --explain <tag>`: why an attribute stays, changes or goes, in one image class or in all that are taken. */
export function explainAttribute(context: CliContext, of: { tag: string; sop: string | undefined }): void {
  const tag = tagOf(of.tag)
  const classes = of.sop === undefined ? [...SOP_CLASSES.keys()] : [of.sop]
  const explanations = classes.map((uid) => ({ sopClassUid: uid, ...explain(tag, uid) }))
  const lines = explanations.map(({ sopClass, sopClassUid, decision, why, places }) => {
    const where = places.length === 0 ? '' : ` (${places.join('; ')})`
    return `  ${sopClass ?? sopClassUid}: ${decision}${where}. ${why}`
  })
  const [first] = explanations
  const profile = first?.profile ? `Basic Profile ${first.profile}` : 'not in PS3.15 table E.1-1'
  context.done(
    { explanations },
    [`${first?.tag ?? ''} ${first?.name ?? 'unknown name'}, ${profile}`, ...lines].join('\n'),
  )
}

/** `0010,0010`, `(0010,0010)` or `00100010`. */
function tagOf(text: string): number {
  const digits = /^\(?([0-9a-fA-F]{4}),?([0-9a-fA-F]{4})\)?$/.exec(text)
  if (!digits) throw new UsageError('--explain takes a tag as 0010,0010')
  return Number.parseInt(`${digits[1]}${digits[2]}`, 16)
}
