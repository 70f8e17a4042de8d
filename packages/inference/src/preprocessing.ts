import { canonicalJson } from '@facetgrade/grading/canonical-json'
import type { Modality } from '@facetgrade/grading/modality'
import type { z } from 'zod'
import type { VersionedHash } from './model-manifest.ts'

/**
 * Everything that turns stored pixels into what a network sees. The code reads its numbers from here, and the hash is taken
 * over this text: a model trained on one preprocessing is refused by another. Whoever changes a rule below, or code so that
 * the golden vectors change, raises `version`.
 */
export const PREPROCESSING = {
  version: 1,
  sampling: {
    rule: 'mean of the trilinear interpolant over the midpoints of a p-fold grid in each output voxel, per axis p = round(output spacing / source spacing) within 1 to maximumStencil; voxel centres half a voxel inside; within half a source voxel outside the volume the edge value, beyond it the fill value',
    maximumStencil: 8,
    axes: 'those of the acquisition, each assigned to the patient axis it lies nearest to; every slice at its own position, so that tilt and uneven distances are followed',
  },
  crop: {
    rule: 'centred on the joint point; slices foot to head, rows front to back, columns to the patient left; the x axis reversed for a right joint',
    inPlaneMm: 0.625,
    sliceMm: 2.5,
    seen: { slices: 8, rows: 64, columns: 64 },
    stored: { slices: 10, rows: 80, columns: 80 },
  },
  ct: { rule: '(HU - low) / (high - low), clipped to 0..1', low: -400, high: 1400, fillHu: -1000 },
  mr: {
    rule: 'groups T2, T1; (value - p_low) / (p_high - p_low), clipped; percentiles of a regular sample of the middle half of rows and columns of all slices of the stack; MONOCHROME1 negated first',
    lowPercentile: 1,
    highPercentile: 99,
    clip: [0, 1.25],
    samples: 65_536,
  },
  xray: {
    rule: 'groups AP or PA, lateral, oblique that shows the side; a plane at nominal scale around the image point; columns to the patient left (lateral: to the back), reversed for a right joint except on the lateral view; percentiles of the stored crop; outside the image the value at the point; MONOCHROME1 negated first',
    inPlaneMm: 0.625,
    lowPercentile: 2,
    highPercentile: 98,
    clip: [-0.25, 1.25],
  },
  sagittal: {
    rule: 'slices patient right to left around the midline, rows head to foot, columns front to back',
    spacingMm: [2, 2, 2],
    clip: [0, 1.25],
    seen: { slices: 9, rows: 128, columns: 128 },
    stored: { slices: 11, rows: 144, columns: 144 },
    midline: 'CT: median x and y of a regular sample of voxels above boneHu; MR: centre of the stack',
    boneHu: 250,
  },
  axial: {
    rule: 'around the midpoint of the two joints of a level; slices foot to head, rows front to back, columns to the patient left',
    spacingMm: [4, 1.25, 1.25],
    clip: [0, 1.25],
    seen: { slices: 5, rows: 64, columns: 64 },
    stored: { slices: 7, rows: 80, columns: 80 },
  },
} as const

/** Versions that this build can run: one, since crops are made by one function. */
export const PREPROCESSING_VERSIONS: readonly number[] = [PREPROCESSING.version]

export const preprocessing = (sha256: (text: string) => string): z.infer<typeof VersionedHash> => ({
  version: PREPROCESSING.version,
  hash: sha256(canonicalJson(PREPROCESSING)),
})

/** Groups of channels of a crop, in order; each may be absent from an exam (`present`). */
export const GROUPS = {
  ct: ['ct'],
  mr: ['t2', 't1'],
  xray: ['frontal', 'lateral', 'oblique'],
} as const satisfies Record<Modality, readonly string[]>
