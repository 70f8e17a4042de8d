import { CellFeature } from '@facetgrade/grading/feature'
import { Modality } from '@facetgrade/grading/modality'
import { PatientCode } from '@facetgrade/grading/patient-code'
import { StudyCode } from '@facetgrade/grading/study-code'
import { z } from 'zod'
import { LabelSource, Sha256Hex, VersionedHash } from './model-manifest.ts'

/** Features in the order of the columns of labels, mask and truth. */
export const EXPORTED_FEATURES = CellFeature.options

const Parts = <T extends z.ZodType>(value: T) => z.strictObject({ train: value, validation: value })

/** Shapes and meanings of `grader/<modality>/*.npy`, so that no reader of the folder guesses. */
const GraderArrays = z.strictObject({
  rows: z.int().nonnegative(),
  /** Slices or views with their margin, rows, columns of `crops.npy` (float16, about 0 to 1, every joint a left joint). */
  stored: z.tuple([z.int().positive(), z.int().positive(), z.int().positive()]),
  /** What the network sees: the centre of each group. */
  seen: z.tuple([z.int().positive(), z.int().positive(), z.int().positive()]),
  /** Groups of channels in order, of equal size; `present.npy` has a column for each. */
  groups: z.array(z.string()).min(1),
  /** Cut-offs of each feature that the modality asks; 0: not asked, its column is masked everywhere. */
  cutOffs: z.record(CellFeature, z.int().min(0).max(4)),
  /** Joints of each grade by part and feature, where the mask is not 0. */
  classCounts: Parts(z.partialRecord(CellFeature, z.array(z.int().nonnegative()))),
})

const LocaliserArrays = z.strictObject({
  /** Exams in `sagittal.npy`, levels in `axial.npy`. */
  sagittal: z.int().nonnegative(),
  axial: z.int().nonnegative(),
  sagittalStored: z.tuple([z.int(), z.int(), z.int()]),
  sagittalSeen: z.tuple([z.int(), z.int(), z.int()]),
  sagittalSpacingMm: z.tuple([z.number(), z.number(), z.number()]),
  axialStored: z.tuple([z.int(), z.int(), z.int()]),
  axialSeen: z.tuple([z.int(), z.int(), z.int()]),
  axialSpacingMm: z.tuple([z.number(), z.number(), z.number()]),
})

/**
 * `manifest.json` of a training export: training and validation patients, never a test patient. Written last, so that a
 * folder with it is whole. Its SHA-256 (of the file's bytes) is the data hash of every model trained on it.
 */
export const TrainingExportManifest = z
  .strictObject({
    format: z.literal('facetgrade-training-export/1'),
    studyCode: StudyCode,
    studyKind: z.enum(['real', 'demo', 'synthetic']),
    syntheticOnly: z.boolean(),
    splitSeal: Sha256Hex,
    protocol: VersionedHash,
    preprocessing: VersionedHash,
    labels: LabelSource,
    /** Patient codes by part. The server lists them from its own allocation; no other patient is in any array. */
    patients: Parts(z.array(PatientCode)),
    /** How many patients the sealed split puts into each part; of the test part this number alone. */
    partSizes: z.strictObject({
      train: z.int().nonnegative(),
      validation: z.int().nonnegative(),
      test: z.int().nonnegative(),
    }),
    features: z.array(CellFeature).length(EXPORTED_FEATURES.length),
    grader: z.partialRecord(Modality, GraderArrays),
    localiser: z.partialRecord(Modality, LocaliserArrays),
    /** First 64 bits of the pixel hash of every image read, 16 hexadecimal digits a line, sorted, each once. */
    pixelHashes: z.strictObject({
      file: z.literal('pixel-hashes.txt'),
      sha256: Sha256Hex,
      count: z.int().nonnegative(),
    }),
    /** Joints and exams that are not in the arrays, by reason. */
    leftOut: z.record(z.string(), z.int().positive()),
    /** Every other file of the folder: path → SHA-256 and size. */
    files: z.record(z.string(), z.strictObject({ sha256: Sha256Hex, bytes: z.int().nonnegative() })),
  })
  .superRefine(({ patients, partSizes }, context) => {
    const train = new Set(patients.train)
    if (patients.validation.some((code) => train.has(code)))
      context.addIssue({ code: 'custom', message: 'A patient is in two parts.' })
    if (patients.train.length > partSizes.train || patients.validation.length > partSizes.validation)
      context.addIssue({ code: 'custom', message: 'More patients than the split has.' })
  })
export type TrainingExportManifest = z.infer<typeof TrainingExportManifest>
