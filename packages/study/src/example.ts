/** What a procedure's input can point at. The generated test knows how to find one's own, another's and an absent one. */
export const OBJECT_KINDS = [
  'assignment',
  'bundle',
  'dry-run',
  'evaluation',
  'evaluation-run',
  'exam',
  'import',
  'instance',
  'invited-member',
  'item',
  'member',
  'model',
  'model-run',
  'notice',
  'patient',
  'person',
  'plan',
  'point-proposal',
  'prediction-record',
  'reading',
  'returned-case',
  'room',
  'study',
  'token',
] as const
export type ObjectKind = (typeof OBJECT_KINDS)[number]

/**
 * How the generated test (every-procedure.db.test.ts) calls a procedure: an input that its schema takes, without the
 * study's code, and which field of it names which kind of object. Every procedure has one, in `<noun>-examples.ts`.
 */
export type Example = {
  input: Readonly<Record<string, unknown>>
  object?: { field: string; kind: ObjectKind }
}

export type ExamplesOf<Router extends { _def: { procedures: object } }> = Readonly<
  Record<keyof Router['_def']['procedures'] & string, Example>
>

/** A stand-in for the object's id until the test puts the real one there. */
export const SOME_ID = '00000000-0000-4000-8000-000000000000'

/** An example whose only matter is the object it names. */
export const naming = (field: string, kind: ObjectKind, rest: Example['input'] = {}): Example => ({
  input: { [field]: SOME_ID, ...rest },
  object: { field, kind },
})
export const NOTHING: Example = { input: {} }
