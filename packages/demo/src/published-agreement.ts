import type { Modality } from '@facetgrade/grading/modality'

/**
 * How far readers stray, in standard deviations of a latent severity of SD 1: with cut points that keep the marginals,
 * .45 reproduces the published CT readers (Pathria 1987: 63 % exact, 98 % within one; Weishaupt 1999: weighted kappa
 * .60), .55 X-ray against X-ray (Pathria 1987: 57 %, 96 %), .75 MR (Weishaupt 1999: .41). Domain 3.3.
 */
export const NOISE_SD: Readonly<Record<Modality, number>> = { ct: 0.45, mr: 0.75, xray: 0.55 }

/**
 * What an X-ray shows correlates this much with the joint itself: x = ρ z + √(1−ρ²) η, η shared by all readers. Without
 * it X-ray readers would look far too good against CT (Pathria 1987: sensitivity 55 % for any osteoarthritis).
 */
export const XRAY_CORRELATION = 0.5

/** Agreement of two readers with noise SD s each; cut points at the marginals of a clinic's CT, 32/40/20/8 %. */
export const PUBLISHED_AGREEMENT: readonly {
  modality: Modality
  linearKappa: number
  quadraticKappa: number
  exact: number
  withinOne: number
}[] = [
  { modality: 'ct', linearKappa: 0.6, quadraticKappa: 0.75, exact: 0.63, withinOne: 0.98 },
  { modality: 'xray', linearKappa: 0.53, quadraticKappa: 0.68, exact: 0.57, withinOne: 0.97 },
  { modality: 'mr', linearKappa: 0.41, quadraticKappa: 0.56, exact: 0.49, withinOne: 0.93 },
]

/** What sets one reader apart: wider noise, a leaning to higher or lower grades, joints taken for their neighbours. */
export type ReaderCharacter = { noiseFactor: number; bias: number; slipShare: number }

const SENIOR: ReaderCharacter = { noiseFactor: 1, bias: 0, slipShare: 0 }

/** Seniors read as the published readers do; juniors are noisier, lean to one side each and slip at 2 to 3 % of joints. */
export function characterOf(group: string, placeInGroup: number): ReaderCharacter {
  if (group !== 'junior') return SENIOR
  const isEven = placeInGroup % 2 === 0
  return { noiseFactor: 1.4, bias: isEven ? 0.2 : -0.2, slipShare: isEven ? 0.02 : 0.03 }
}
