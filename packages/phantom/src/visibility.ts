import type { Feature } from '@facetgrade/grading/feature'
import type { Ball, JointForm } from './joint-form.ts'
import { type Contrast, contrastsOf } from './tissue.ts'

/** What a reader can count on in one exam: sampling, noise, and the intensities of its tissues. */
export type Sight =
  | { modality: 'ct' | 'mr'; pixelMm: number; spacingMm: number; noise: number; structure: number; contrast: Contrast }
  | {
      modality: 'xray'
      pixelMm: number
      /** Noise of the logarithm of the intensity. */
      noise: number
      /** Angle between the beam and the joint's plane in the view that shows it best, in degrees. */
      offTangentDegrees: number
    }

/** `cnr` is null where there is nothing to see: no osteophyte, erosion or cyst. */
export type Visibility = { visible: boolean; cnr: number | null }

/** A sign is visible from this contrast-to-noise ratio on; a reader's limit by Rose's criterion lies at 3 to 5. */
export const VISIBLE_FROM = 3
/** A curved joint is still seen as a gap when the beam is off its plane by this much. */
const TANGENT_DEGREES = 15
const WATER_PER_MM = 0.0206
/** SD of an even cortex, as a share of its contrast. */
const UNEVEN_CORTEX = 0.09

export function sightOfCt(ageYears: number, of: { pixelMm: number; spacingMm: number; noiseHu: number }): Sight {
  const { ct } = contrastsOf(ageYears)
  return {
    modality: 'ct',
    pixelMm: of.pixelMm,
    spacingMm: of.spacingMm,
    noise: of.noiseHu,
    structure: 70,
    contrast: ct,
  }
}

export function sightOfMr(ageYears: number, of: { pixelMm: number; spacingMm: number; noise: number }): Sight {
  const { t2 } = contrastsOf(ageYears)
  return { modality: 'mr', ...of, structure: 0.055, contrast: t2 }
}

/**
 * Contrast-to-noise ratio of what tells a feature's grade from the next, and whether that is enough. A joint without a
 * lesion is visibly without one. Size enters through partial volume: a lesion shorter than twice the slice
 * spacing, or narrower than two pixels, loses contrast in proportion. Noise is the image's own and the grain of bone.
 */
export function visibilityOf(sight: Sight, form: JointForm, feature: Feature): Visibility {
  const isLesion = feature === 'osteophytes' || feature === 'erosion' || feature === 'cyst'
  if (isLesion && form.grades[feature] === 0) return { visible: true, cnr: null }
  const cnr = sight.modality === 'xray' ? xrayCnr(sight, form, feature) : sliceCnr(sight, form, feature)
  const rounded = Math.round(cnr * 100) / 100
  return { visible: rounded >= VISIBLE_FROM, cnr: rounded }
}

const part = (extentMm: number, samplingMm: number): number => Math.min(1, extentMm / (2 * samplingMm))
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

type SliceSight = Extract<Sight, { modality: 'ct' | 'mr' }>

function sliceCnr(sight: SliceSight, form: JointForm, feature: Feature): number {
  const { contrast, pixelMm, spacingMm } = sight
  const noise = Math.hypot(sight.noise, sight.structure)
  const height = 2 * form.halfHeight
  const bone = Math.max(Math.abs(contrast.cortex - contrast.muscle), Math.abs(contrast.cortex - contrast.marrow))
  switch (feature) {
    case 'narrowing':
      // Grades lie about 0.8 mm of joint space apart.
      return (Math.abs(contrast.cortex - contrast.cartilage) * part(0.8, pixelMm) * part(height, spacingMm)) / noise
    case 'hypertrophy':
      return (
        (bone * part(0.1 * (form.superiorMm + form.inferiorMm) * form.scale, pixelMm) * part(height, spacingMm)) / noise
      )
    case 'osteophytes': {
      const { sizeMm, widthMm } = largest(form.osteophytes) ?? { sizeMm: 0, widthMm: 0 }
      return (bone * part(sizeMm, pixelMm) * part(widthMm, spacingMm)) / noise
    }
    case 'erosion': {
      const depth = mean(form.pits.map((pit) => pit.sizeMm))
      const edge = Math.abs(contrast.cortex - contrast.cartilage)
      // A gap in a thin line is filled from both neighbouring slices, and no cortex is quite even.
      const through = part(heightOf(form.pits, depth), spacingMm) ** 2
      return (edge * part(depth, pixelMm) * through) / Math.hypot(noise, UNEVEN_CORTEX * edge)
    }
    case 'cyst': {
      const size = largest(form.cysts)?.sizeMm ?? 0
      const edge = Math.max(Math.abs(contrast.marrow - contrast.cyst), 0.55 * Math.abs(contrast.rim - contrast.cyst))
      return (edge * part(size, pixelMm) * part(size, spacingMm)) / noise
    }
  }
}

const largest = <T extends { sizeMm: number }>(lesions: readonly T[]): T | undefined =>
  lesions.reduce<T | undefined>(
    (most, lesion) => (most === undefined || lesion.sizeMm > most.sizeMm ? lesion : most),
    undefined,
  )

/** Mean height of the pits' mouths; those that run together count as one. */
const heightOf = (pits: readonly Ball[], depth: number): number =>
  pits.length >= 5 ? 10 : 2 * depth * Math.sqrt(2 * 1.15 - 1) * 1.5

function xrayCnr(sight: Extract<Sight, { modality: 'xray' }>, form: JointForm, feature: Feature): number {
  const perMm = (excessHu: number): number => (WATER_PER_MM * excessHu) / 1000
  // Bones in front and behind lay their own pattern over the joint.
  const noise = Math.hypot(sight.noise, 0.03)
  switch (feature) {
    case 'narrowing': {
      if (sight.offTangentDegrees > TANGENT_DEGREES) return 0
      const share = 1 - sight.offTangentDegrees / (2 * TANGENT_DEGREES)
      return (perMm(500) * form.halfWidth * 2 * share * part(0.8, sight.pixelMm)) / noise
    }
    case 'hypertrophy':
      return (perMm(350) * 0.1 * (form.superiorMm + form.inferiorMm) * 2 * form.scale) / noise
    case 'osteophytes': {
      const { sizeMm, widthMm } = largest(form.osteophytes) ?? { sizeMm: 0, widthMm: 0 }
      return (perMm(700) * widthMm * part(sizeMm, sight.pixelMm * 1.5)) / noise
    }
    default:
      return 0
  }
}
