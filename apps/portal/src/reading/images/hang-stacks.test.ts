import { expect, test } from 'vitest'
import { hangStacks } from './hang-stacks.ts'

const aStack = (series: number, view: 'axial' | 'sagittal' | 'ap' | 'lateral', role: string, slices: number) => ({
  series,
  view,
  role,
  shownJoints: null,
  rows: 2,
  columns: 2,
  pixelSpacingMm: null,
  sliceSpacingMm: null,
  rowDirection: null,
  columnDirection: null,
  positions: Array.from({ length: slices }, () => null),
  turn: { transpose: false, flipHorizontal: false, flipVertical: false },
  leftEdge: null,
})

test('MR hangs the axial T2 first, then the sagittal T2; of one kind the longer stack comes first', () => {
  const stacks = [
    aStack(0, 'sagittal', 'sagittal-t1', 15),
    aStack(1, 'sagittal', 'sagittal-t2', 15),
    aStack(2, 'axial', 'axial-t2', 5),
    aStack(3, 'axial', 'axial-t2', 25),
  ]
  expect(hangStacks('mr', stacks).map(({ series }) => series)).toEqual([3, 2, 1, 0])
})

test('X-ray hangs the frontal view before the lateral', () => {
  expect(
    hangStacks('xray', [aStack(0, 'lateral', 'lateral', 1), aStack(1, 'ap', 'ap', 1)]).map(({ series }) => series),
  ).toEqual([1, 0])
})
