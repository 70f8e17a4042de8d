/** Intensities of the tissues in one contrast: Hounsfield units on CT, relative signal on MR (1 is the brightest). */
export type Contrast = {
  muscle: number
  fat: number
  skin: number
  air: number
  bowel: number
  vessel: number
  marrow: number
  cortex: number
  sclerosis: number
  nucleus: number
  annulus: number
  fluid: number
  nerve: number
  ligament: number
  cartilage: number
  gas: number
  cyst: number
  rim: number
  /** Amplitude of the marrow's texture. */
  grain: number
}

export const CT_HU: Contrast = {
  muscle: 58,
  fat: -95,
  skin: 40,
  air: -1000,
  bowel: 25,
  vessel: 48,
  marrow: 226,
  cortex: 850,
  sclerosis: 1050,
  nucleus: 80,
  annulus: 98,
  fluid: 12,
  nerve: 36,
  ligament: 68,
  cartilage: 52,
  gas: -600,
  cyst: 20,
  rim: 640,
  grain: 46,
}
export const MR_T2: Contrast = {
  muscle: 0.2,
  fat: 0.78,
  skin: 0.3,
  air: 0.01,
  bowel: 0.36,
  vessel: 0.06,
  marrow: 0.5,
  cortex: 0.04,
  sclerosis: 0.03,
  nucleus: 0.62,
  annulus: 0.13,
  fluid: 1,
  nerve: 0.42,
  ligament: 0.13,
  cartilage: 0.68,
  gas: 0.02,
  cyst: 0.95,
  rim: 0.06,
  grain: 0.055,
}
export const MR_T1: Contrast = {
  muscle: 0.33,
  fat: 1,
  skin: 0.4,
  air: 0.01,
  bowel: 0.36,
  vessel: 0.1,
  marrow: 0.68,
  cortex: 0.05,
  sclerosis: 0.04,
  nucleus: 0.36,
  annulus: 0.3,
  fluid: 0.14,
  nerve: 0.34,
  ligament: 0.22,
  cartilage: 0.26,
  gas: 0.02,
  cyst: 0.2,
  rim: 0.07,
  grain: 0.06,
}

/** Marrow of a body in Hounsfield units: 226 at 30 years, 2.5 less each year, never below 70 (model §3). */
export const marrowHu = (ageYears: number): number => Math.max(70, 226 - 2.5 * Math.max(0, ageYears - 30))

/** A patient's own CT and MR contrasts. MR marrow brightens with age as it turns to fat. */
export function contrastsOf(ageYears: number): { ct: Contrast; t2: Contrast; t1: Contrast } {
  const fatty = Math.min(1, Math.max(0, (ageYears - 30) / 60))
  return {
    ct: { ...CT_HU, marrow: marrowHu(ageYears) },
    t2: { ...MR_T2, marrow: 0.44 + 0.13 * fatty },
    t1: { ...MR_T1, marrow: 0.58 + 0.2 * fatty },
  }
}

/** Tissues by number, so that the inner loops index arrays. */
export const TISSUE = {
  muscle: 0,
  fat: 1,
  skin: 2,
  air: 3,
  bowel: 4,
  vessel: 5,
  marrow: 6,
  cortex: 7,
  sclerosis: 8,
  nucleus: 9,
  annulus: 10,
  fluid: 11,
  nerve: 12,
  ligament: 13,
  cartilage: 14,
  gas: 15,
  cyst: 16,
  rim: 17,
  grain: 18,
} as const satisfies Record<keyof Contrast, number>

export function paletteOf(contrast: Contrast): Float64Array {
  const palette = new Float64Array(Object.keys(TISSUE).length)
  for (const [name, index] of Object.entries(TISSUE)) palette[index] = contrast[name as keyof Contrast]
  return palette
}
