export type Json = string | number | boolean | { readonly [key: string]: Json | null } | readonly (Json | null)[]

/** Who, role, study and time are the transaction's and the database's own: none can be claimed by the caller. */
export type AuditChange = {
  /** object.verb in the past, such as `split.sealed` */
  action: string
  object: string
  objectId: string
  old?: Json
  new?: Json
  why?: string
}

export type AuditStore = { write(change: AuditChange): Promise<void> }
