import type { Wall } from './wall.ts'

export type Json = string | number | boolean | { readonly [key: string]: Json | null } | readonly (Json | null)[]

export type AuditChange = {
  /** verb.noun, such as `split.sealed` */
  action: string
  object: string
  objectId: string
  old?: Json
  new?: Json
  why?: string
}

/** Who, role and study come from the transaction's own settings, the time from the database: none can be claimed. */
export async function audit(wall: Wall, change: AuditChange): Promise<void> {
  const asJson = (value: Json | undefined) => (value === undefined ? null : JSON.stringify(value))
  await wall.$executeRaw`INSERT INTO "AuditEntry" ("studyId", "userId", role, action, object, "objectId", old, new, why)
    VALUES (facetgrade_study(), nullif(facetgrade_user(), ''), facetgrade_role(), ${change.action}, ${change.object},
      ${change.objectId}, ${asJson(change.old)}::jsonb, ${asJson(change.new)}::jsonb, ${change.why ?? null})`
}
