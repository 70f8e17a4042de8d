/** What the key-holder's side knows beyond the key and the file. */
export type PseudonymiseContext = {
  /** Issuer for files and rows that name none (study setting), e.g. the hospital's short name. */
  defaultIssuer: string
  /** Protocol's imaging period, YYYY-MM-DD inclusive; null: not asked. */
  imagingPeriod: { from: string; to: string } | null
}
