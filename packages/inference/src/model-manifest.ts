import { canonicalJson } from '@facetgrade/grading/canonical-json'
import { CellFeature } from '@facetgrade/grading/feature'
import { Modality } from '@facetgrade/grading/modality'
import { z } from 'zod'

/** 64 hexadecimal digits. */
export const Sha256Hex = z.string().regex(/^[0-9a-f]{64}$/)
export const FileName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,79}$/)
const Slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)

/** A version of a document and SHA-256 of its canonical JSON (RFC 8785). */
export const VersionedHash = z.strictObject({ version: z.int().positive(), hash: Sha256Hex })

export const LabelSource = z.enum(['readers', 'reference', 'phantom-truth'])
export type LabelSource = z.infer<typeof LabelSource>

/** `batch` is the free first dimension; every other one is fixed. */
const TensorInfo = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
  shape: z.tuple([z.literal('batch')], z.int().positive()),
  type: z.literal('float32'),
})
export type TensorInfo = z.infer<typeof TensorInfo>

export const NetworkRole = z.enum(['grader', 'localiser-sagittal', 'localiser-axial'])
export type NetworkRole = z.infer<typeof NetworkRole>

/** One ONNX file with everything inside it: no external data, no operators of other makers. */
export const Network = z.strictObject({
  role: NetworkRole,
  modality: Modality,
  file: FileName.endsWith('.onnx'),
  sha256: Sha256Hex,
  opset: z.int().min(17).max(23),
  inputs: z.array(TensorInfo).min(1).max(4),
  outputs: z.array(TensorInfo).min(1).max(8),
})
export type Network = z.infer<typeof Network>

/**
 * Calibration of one head. For cut-off k = 1 … K the network gives a logit l_k; p_k = sigmoid(l_k / temperature +
 * shifts[k − 1]), then the running minimum over k, is P(grade ≥ k). Grade g belongs to the conformal set when its
 * probability is at least `minimumProbability[g]` (class-conditional, split conformal on validation patients); the set is
 * the contiguous hull of those grades and the model's grade.
 */
export const Head = z
  .strictObject({
    feature: CellFeature,
    /** Grades of the scale: one more than it has cut-offs. */
    levels: z.int().min(2).max(5),
    temperature: z.number().positive(),
    shifts: z.array(z.number()).min(1).max(4),
    conformal: z.strictObject({
      alpha: z.number().gt(0).lt(1),
      minimumProbability: z.array(z.number().min(0).max(1)).min(2).max(5),
    }),
    /** A case is positive at the cut grade when P(grade ≥ cutGrade) reaches the threshold; chosen on validation, frozen. */
    operatingPoints: z.array(z.strictObject({ cutGrade: z.int().min(1).max(4), threshold: z.number().min(0).max(1) })),
  })
  .superRefine(({ levels, shifts, conformal, operatingPoints }, context) => {
    const wrong = (message: string) => {
      context.addIssue({ code: 'custom', message })
    }
    if (shifts.length !== levels - 1) wrong('A head has one shift per cut-off.')
    if (conformal.minimumProbability.length !== levels) wrong('A head has one conformal threshold per grade.')
    if (operatingPoints.some(({ cutGrade }) => cutGrade >= levels)) wrong('A cut grade is not on the scale.')
  })
export type Head = z.infer<typeof Head>

/** Least and greatest value that training and validation crops had, widened as the training states. */
const Range = z.strictObject({ min: z.number(), max: z.number() })

export const GraderModality = z.strictObject({
  /** In the order of the network's `logits`. */
  heads: z.array(Head).min(1).max(6),
  /** Beyond any of these a crop is unlike what the network was trained on, and the model abstains. */
  unlikeTraining: z.strictObject({
    /** Of the network's `distance`. */
    maximumDistance: z.number().positive(),
    /** Of the centre of the crop, over the groups that are present: mean and standard deviation of its values. */
    mean: Range,
    standardDeviation: Range,
  }),
})
export type GraderModality = z.infer<typeof GraderModality>

export const LocaliserModality = z.strictObject({
  /** Below it a proposal of points says that this is no lumbar spine, and proposes nothing. */
  minimumConfidence: z.number().min(0).max(1),
  /** Below it a person names the level. */
  namingConfidence: z.number().min(0).max(1),
})
export type LocaliserModality = z.infer<typeof LocaliserModality>

/** Settings and versions as they were, flat: `learning_rate: 0.002`, `torch: "2.15.0"`. */
const Scalars = z.record(
  z.string().regex(/^[A-Za-z0-9_.-]{1,60}$/),
  z.union([z.string().max(200), z.number(), z.boolean()]),
)

/** Where a model comes from. Registration refuses a model without it. */
const Provenance = z.strictObject({
  studyCode: z.string().min(1).max(24),
  studyKind: z.enum(['real', 'demo', 'synthetic']),
  /** Hash of the split seal of that study. */
  splitSeal: Sha256Hex,
  protocol: VersionedHash,
  preprocessing: VersionedHash,
  /** SHA-256 of the bytes of the training export's manifest.json. */
  dataHash: Sha256Hex,
  labels: LabelSource,
  patients: z.strictObject({ train: z.int().positive(), validation: z.int().positive() }),
  /**
   * File beside the manifest with the first 64 bits of the pixel hash of every image that trained or validated the model:
   * 16 hexadecimal digits a line, sorted, each once. Evaluation refuses a model that has seen an image it is judged on,
   * also where pseudonyms differ.
   */
  pixelHashes: z.strictObject({ file: FileName, sha256: Sha256Hex, count: z.int().positive() }),
  codeCommit: z.string().regex(/^[0-9a-f]{7,64}(-dirty)?$/),
  seed: z.int().nonnegative(),
  settings: Scalars,
  versions: Scalars,
})

/**
 * What a model is: one document beside its ONNX files. The model's hash is SHA-256 of the canonical JSON of this document,
 * which names the hash of every file, so that one hash fixes all of it.
 */
export const ModelManifest = z
  .strictObject({
    format: z.literal('facetgrade-model/1'),
    id: Slug.max(48),
    version: z.string().regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}$/),
    kind: z.enum(['grader', 'localiser']),
    title: z.string().trim().min(1).max(200),
    /** Trained on phantoms alone: whatever it says of a patient is worth nothing, and every screen says so. */
    syntheticOnly: z.boolean(),
    training: Provenance,
    networks: z.array(Network).min(1).max(6),
    grader: z.strictObject({ modalities: z.partialRecord(Modality, GraderModality) }).optional(),
    localiser: z.strictObject({ modalities: z.partialRecord(Modality, LocaliserModality) }).optional(),
  })
  .superRefine((manifest, context) => {
    for (const message of contradictions(manifest)) context.addIssue({ code: 'custom', message })
  })
export type ModelManifest = z.infer<typeof ModelManifest>

type Unchecked = Pick<ModelManifest, 'kind' | 'syntheticOnly' | 'training' | 'networks' | 'grader' | 'localiser'>

function* contradictions({ kind, syntheticOnly, training, networks, grader, localiser }: Unchecked): Generator<string> {
  if (syntheticOnly !== (training.studyKind !== 'real'))
    yield 'syntheticOnly must say whether the study of the training is real.'
  if ((kind === 'grader') !== (grader !== undefined) || (kind === 'localiser') !== (localiser !== undefined))
    yield 'A grader has a grader section and nothing else, a localiser a localiser section.'
  const section = grader?.modalities ?? localiser?.modalities ?? {}
  const roles: readonly NetworkRole[] = kind === 'grader' ? ['grader'] : ['localiser-sagittal', 'localiser-axial']
  const wanted = Object.keys(section).flatMap((modality) => roles.map((role) => `${role}/${modality}`))
  const given = networks.map(({ role, modality }) => `${role}/${modality}`)
  if (wanted.toSorted().join() !== given.toSorted().join())
    yield `There must be one network each for ${wanted.join(', ') || 'a modality'}.`
  if (new Set(networks.map(({ file }) => file)).size !== networks.length) yield 'Two networks name one file.'
  for (const { heads } of Object.values(grader?.modalities ?? {})) {
    if (new Set(heads.map(({ feature }) => feature)).size !== heads.length) yield 'A feature has two heads.'
  }
}

/** The model's hash, by which it is allowed, recorded and found. */
export function modelHash(sha256: (text: string) => string, manifest: ModelManifest): string {
  return sha256(canonicalJson(manifest))
}
