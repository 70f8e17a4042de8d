/** Adult means per disc level, in mm and degrees (model: table of section 3). Index 0 is L1/2, 4 is L5/S1. */
export type LevelAnatomy = {
  facetAngleDegrees: number
  facetWidth: number
  facetHeight: number
  bodyWidth: number
  bodyDepth: number
  bodyHeight: number
  discHeight: number
  lordosisDegrees: number
  facetFromMidline: number
  pedicleWidth: number
}

const row = (
  values: readonly [number, number, number, number, number, number, number, number, number, number],
): LevelAnatomy => ({
  facetAngleDegrees: values[0],
  facetWidth: values[1],
  facetHeight: values[2],
  bodyWidth: values[3],
  bodyDepth: values[4],
  bodyHeight: values[5],
  discHeight: values[6],
  lordosisDegrees: values[7],
  facetFromMidline: values[8],
  pedicleWidth: values[9],
})

export const ANATOMY: readonly LevelAnatomy[] = [
  row([26, 14, 15.5, 42, 33, 27, 8, 1.2, 14.5, 8.5]),
  row([30.4, 14.5, 16, 43.5, 34, 27.5, 9.5, 5.9, 15, 10]),
  row([38.7, 15.2, 16.5, 45.5, 34.5, 27.5, 10.5, 9.1, 16, 12.6]),
  row([47, 16, 17, 47.5, 35, 27, 11.5, 12.7, 18.5, 16.1]),
  row([47.3, 16.3, 17, 49.5, 35.5, 28, 10, 21.6, 21.5, 18]),
]
