/** A file of a model that was brought: its name in the manifest, and the hash under which it lies. */
export type BroughtFile = { readonly name: string; readonly sha256: string }

/** What the api tells the process that inspects a model. */
export type ToInspect = {
  readonly manifest: string
  readonly card: string | null
  readonly files: readonly BroughtFile[]
  readonly folders: { readonly uploads: string; readonly models: string }
}
