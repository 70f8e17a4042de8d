/** Adult means of one level, in mm and degrees (model: table of section 3). */
export type LevelAnatomy = {
  facetAngleDegrees: number
  /** Mean absolute difference of left and right. */
  tropismDegrees: number
  facetWidth: number
  facetHeight: number
  /** Of the upper vertebra. */
  bodyWidth: number
  bodyDepth: number
  bodyHeight: number
  /** Of the upper vertebra. The source's table has the lower one's, so each row here holds the row above it. */
  pedicleWidth: number
  canalDepth: number
  canalWidth: number
  discHeight: number
  lordosisDegrees: number
  facetFromMidline: number
}

const row = (
  facet: readonly [angle: number, tropism: number, width: number, height: number, fromMidline: number],
  body: readonly [width: number, depth: number, height: number, pedicle: number],
  rest: readonly [canalDepth: number, canalWidth: number, disc: number, lordosis: number],
): LevelAnatomy => ({
  facetAngleDegrees: facet[0],
  tropismDegrees: facet[1],
  facetWidth: facet[2],
  facetHeight: facet[3],
  facetFromMidline: facet[4],
  bodyWidth: body[0],
  bodyDepth: body[1],
  bodyHeight: body[2],
  pedicleWidth: body[3],
  canalDepth: rest[0],
  canalWidth: rest[1],
  discHeight: rest[2],
  lordosisDegrees: rest[3],
})

/** T12/L1 (never graded, only there so that the top of the images is not bare), then L1/2 … L5/S1. */
export const ANATOMY: readonly LevelAnatomy[] = [
  row([24, 5, 12.5, 14, 13.5], [40, 31, 26, 8], [16, 22, 7, 0]),
  row([26, 5, 14, 15.5, 14.5], [42, 33, 27, 7.5], [16, 22, 8, 1.2]),
  row([30.4, 4.9, 14.5, 16, 15], [43.5, 34, 27.5, 8.5], [16, 23, 9.5, 5.9]),
  row([38.7, 6, 15.2, 16.5, 16], [45.5, 34.5, 27.5, 10], [15.5, 24, 10.5, 9.1]),
  row([47, 6.7, 16, 17, 18.5], [47.5, 35, 27, 12.6], [15.5, 26, 11.5, 12.7]),
  row([47.3, 7.3, 16.3, 17, 21.5], [49.5, 35.5, 28, 16.1], [15.6, 28, 10, 21.6]),
]
/** Share of a segment's lordosis that is the wedge of the disc; the rest is the wedge of the body above it. */
export const DISC_SHARE_OF_LORDOSIS = 0.65
