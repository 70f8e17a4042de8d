/** What one grade of a feature looks like in millimetres: range of the size, and how many. */
type Lesions = { millimetres: readonly [number, number]; count: readonly [number, number] }

const NONE: Lesions = { millimetres: [0, 0], count: [0, 0] }

/**
 * The dose of each grade 0–3, inside the words of the shipped protocol: narrowing as the width of the joint space,
 * hypertrophy as the scale of the processes, osteophytes as their projection from the margin, erosion as the depth of
 * pits in the joint surface, cyst as the diameter of cavities below it.
 */
export const DOSE = {
  narrowing: {
    gapMm: [
      [2.1, 3.2],
      [1.2, 1.85],
      [0.55, 0.95],
      [0, 0.4],
    ],
  },
  hypertrophy: {
    scale: [
      [0.97, 1.03],
      [1.08, 1.13],
      [1.18, 1.24],
      [1.34, 1.46],
    ],
  },
  osteophytes: [
    NONE,
    { millimetres: [1.2, 1.9], count: [1, 2] },
    { millimetres: [2.3, 3.4], count: [2, 3] },
    { millimetres: [4.2, 6], count: [3, 4] },
  ],
  erosion: [
    NONE,
    { millimetres: [0.8, 1.2], count: [1, 1] },
    { millimetres: [1.3, 1.9], count: [2, 4] },
    { millimetres: [2, 2.8], count: [5, 7] },
  ],
  cyst: [
    NONE,
    { millimetres: [2.6, 3], count: [1, 1] },
    { millimetres: [3.2, 4], count: [1, 2] },
    { millimetres: [4.2, 6], count: [2, 3] },
  ],
} as const satisfies {
  narrowing: { gapMm: readonly (readonly [number, number])[] }
  hypertrophy: { scale: readonly (readonly [number, number])[] }
  osteophytes: readonly Lesions[]
  erosion: readonly Lesions[]
  cyst: readonly Lesions[]
}
