import type { Modality } from '@facetgrade/grading/modality'
import type { ModelKind, ModelProblem } from '@facetgrade/grading/model-problem'
import type { Part } from '@facetgrade/grading/part'
import type { Json } from '../audit/audit-store.ts'

export type ModelState = 'registered' | 'refused'

/** A network that a registered model may run: the allow-list's entry. */
export type AllowedNetwork = {
  readonly role: string
  readonly modality: Modality
  readonly sha256: string
  readonly bytes: number
}

/** What a manifest says of a model, as the host read it. */
export type ModelSummary = {
  readonly slug: string
  readonly title: string
  readonly kind: ModelKind
  readonly modalities: readonly Modality[]
  readonly isSyntheticOnly: boolean
  /** Hash of the split seal that it was trained under. */
  readonly splitSeal: string
  readonly preprocessingVersion: string
}

export type ModelRow = {
  readonly modelId: string
  readonly slug: string | null
  readonly title: string | null
  readonly kind: ModelKind | null
  readonly modalities: readonly Modality[]
  readonly hash: string
  readonly state: ModelState
  readonly problems: readonly ModelProblem[]
  readonly isSyntheticOnly: boolean
  /** Trained under another split than this study's seal. */
  readonly isOtherData: boolean
  readonly preprocessingVersion: string | null
  readonly registeredByName: string
  readonly registeredAt: string
}

/** The manifest is parsed by those who run it: `inference` owns its format, `db` only keeps it. */
export type StoredModel = ModelRow & {
  readonly manifest: unknown
  readonly card: string
  readonly networks: readonly AllowedNetwork[]
}

export type NewModel = {
  readonly studyId: string
  readonly hash: string
  readonly state: ModelState
  readonly problems: readonly ModelProblem[]
  readonly summary: Omit<ModelSummary, 'splitSeal'> | null
  readonly isOtherData: boolean
  readonly manifest: Json | null
  readonly card: string
  readonly networks: readonly AllowedNetwork[]
  /** First 16 hex digits of the pixel hash of each image that it was trained on. */
  readonly pixelPrefixes: readonly string[]
  readonly registeredBy: string
}

export type PatientsPerPart = Readonly<Record<Part | 'unallocated', number>>

export type ModelStore = {
  /** Undefined when this manifest is registered in the study already: the table's index decides. */
  add(model: NewModel): Promise<string | undefined>
  /** Newest first. */
  list(studyId: string): Promise<readonly ModelRow[]>
  find(modelId: string): Promise<StoredModel | undefined>
  /** The registered one of this manifest. */
  registered(studyId: string, hash: string): Promise<StoredModel | undefined>
  /** Patients of this study of whom an image is among those that the model was trained on. */
  patientsSeen(modelId: string): Promise<PatientsPerPart>
}
