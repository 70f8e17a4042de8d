import { LEVELS } from '@facetgrade/grading/joint'
import type { Modality } from '@facetgrade/grading/modality'
import { cropShape } from './joint-crop.ts'
import type { ModelManifest, Network, TensorInfo } from './model-manifest.ts'
import { GROUPS, PREPROCESSING } from './preprocessing.ts'

export type NetworkTensors = { readonly inputs: readonly TensorInfo[]; readonly outputs: readonly TensorInfo[] }

/** Sagittal heatmaps have half the resolution of the picture: row and column r lie at pixel 2 r + 0.5. */
export const HEATMAP_STRIDE = 2

const tensor = (name: string, ...dimensions: number[]): TensorInfo => ({
  name,
  shape: ['batch', ...dimensions],
  type: 'float32',
})

const { sagittal, axial } = PREPROCESSING

/**
 * What a network takes and gives by its role; any network that obeys can be registered.
 *
 * `crops`: what `cropJoint` sees. `logits`: cut-offs of the manifest's heads, one head after another. `distance`: from the
 * training crops, in units of the network's own. `heatmaps`: per level (head to foot) or side (left, right), each summing
 * to 1. `offset`: of the left and the right joint from the slab's centre towards the head, mm.
 */
export function networkTensors(
  manifest: ModelManifest,
  { role, modality }: Pick<Network, 'role' | 'modality'>,
): NetworkTensors {
  switch (role) {
    case 'grader':
      return graderTensors(manifest, modality)
    case 'localiser-sagittal': {
      const { slices, rows, columns } = sagittal.seen
      return {
        inputs: [tensor('slices', slices, rows, columns)],
        outputs: [tensor('heatmaps', LEVELS.length, rows / HEATMAP_STRIDE, columns / HEATMAP_STRIDE)],
      }
    }
    case 'localiser-axial': {
      const { slices, rows, columns } = axial.seen
      return {
        inputs: [tensor('slab', slices, rows, columns)],
        outputs: [tensor('heatmaps', 2, rows, columns), tensor('offset', 2)],
      }
    }
  }
}

function graderTensors({ grader }: ModelManifest, modality: Modality): NetworkTensors {
  const heads = grader?.modalities[modality]?.heads ?? []
  const logits = heads.reduce((sum, { levels }) => sum + levels - 1, 0)
  return {
    inputs: [tensor('crops', ...cropShape(modality, 'seen')), tensor('present', GROUPS[modality].length)],
    outputs: [tensor('logits', logits), tensor('distance', 1)],
  }
}
