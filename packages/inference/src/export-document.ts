import { CellFeature } from '@facetgrade/grading/feature'
import type { Modality } from '@facetgrade/grading/modality'
import type { z } from 'zod'
import type { ExportHead } from './export-patient.ts'
import { cropShape } from './joint-crop.ts'
import type { VersionedHash } from './model-manifest.ts'
import type { WrittenFiles } from './node-export-folder.ts'
import { GROUPS, PREPROCESSING } from './preprocessing.ts'
import { TrainingExportManifest } from './training-export-manifest.ts'

export type ClassCounts = Record<'train' | 'validation', Map<CellFeature, number[]>>

export type ExportContent = {
  readonly head: ExportHead
  readonly preprocessing: z.infer<typeof VersionedHash>
  readonly patients: Readonly<Record<'train' | 'validation', readonly string[]>>
  readonly counts: ReadonlyMap<Modality, ClassCounts>
  readonly leftOut: ReadonlyMap<string, number>
  readonly pixelHashes: { readonly file: 'pixel-hashes.txt'; readonly sha256: string; readonly count: number }
  readonly written: WrittenFiles
}

/** The manifest of an export; a content that contradicts itself does not parse. */
export function exportDocument({
  head,
  preprocessing,
  patients,
  counts,
  leftOut,
  pixelHashes,
  written,
}: ExportContent): TrainingExportManifest {
  const { studyCode, studyKind, splitSeal, protocol, partSizes, labels } = head
  return TrainingExportManifest.parse({
    format: 'facetgrade-training-export/1',
    studyCode,
    studyKind,
    syntheticOnly: studyKind !== 'real',
    splitSeal,
    protocol,
    partSizes,
    labels,
    preprocessing,
    patients: { train: patients.train.toSorted(), validation: patients.validation.toSorted() },
    features: CellFeature.options,
    grader: Object.fromEntries(
      [...counts].map(([modality, ofModality]) => [
        modality,
        {
          rows: written.rows.get(`grader/${modality}/crops.npy`) ?? 0,
          stored: cropShape(modality, 'stored'),
          seen: cropShape(modality, 'seen'),
          groups: [...GROUPS[modality]],
          cutOffs: head.cutOffs[modality],
          classCounts: {
            train: Object.fromEntries(ofModality.train),
            validation: Object.fromEntries(ofModality.validation),
          },
        },
      ]),
    ),
    localiser: Object.fromEntries(
      (['ct', 'mr'] as const).flatMap((modality) =>
        written.rows.has(`localiser/${modality}/sagittal.npy`) ? [[modality, localiserArrays(modality, written)]] : [],
      ),
    ),
    pixelHashes,
    leftOut: Object.fromEntries(leftOut),
    files: written.files,
  })
}

const shapeOf = ({ slices, rows, columns }: { slices: number; rows: number; columns: number }) => [
  slices,
  rows,
  columns,
]

function localiserArrays(modality: 'ct' | 'mr', { rows }: WrittenFiles) {
  const { sagittal, axial } = PREPROCESSING
  return {
    sagittal: rows.get(`localiser/${modality}/sagittal.npy`) ?? 0,
    axial: rows.get(`localiser/${modality}/axial.npy`) ?? 0,
    sagittalStored: shapeOf(sagittal.stored),
    sagittalSeen: shapeOf(sagittal.seen),
    sagittalSpacingMm: [...sagittal.spacingMm],
    axialStored: shapeOf(axial.stored),
    axialSeen: shapeOf(axial.seen),
    axialSpacingMm: [...axial.spacingMm],
  }
}
