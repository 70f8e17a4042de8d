import { expect, test } from 'vitest'
import type { InstanceHeader } from './instance-header.ts'
import { judgeSeries } from './series-geometry.ts'

type Direction = [number, number, number]
type Slices = {
  row?: Direction
  column?: Direction
  count?: number
  stepMm?: number
  header?: Partial<InstanceHeader>
}

const normalOf = (a: Direction, b: Direction): Direction => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]

let serial = 0
function aSlice(
  position: Direction | null,
  { row = [1, 0, 0], column = [0, 1, 0], header = {} }: Slices,
): InstanceHeader {
  serial += 1
  return {
    sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
    sopInstanceUid: `2.25.${serial}`,
    studyInstanceUid: '2.25.1',
    seriesInstanceUid: '2.25.2',
    frameOfReferenceUid: '2.25.3',
    patientCode: 'P0000000000',
    modality: 'ct',
    manufacturer: null,
    studyDate: null,
    ageYears: null,
    sex: null,
    seriesNumber: 1,
    acquisitionNumber: 1,
    instanceNumber: 1000 - serial,
    imageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    description: '',
    rows: 64,
    columns: 64,
    frames: [
      {
        position,
        orientation: [...row, ...column],
        pixelSpacingMm: [0.5, 0.5],
        sliceThicknessMm: 1,
        stackId: null,
        temporalPosition: null,
        echoTimeMs: null,
      },
    ],
    imagerSpacingMm: null,
    spacingBetweenSlicesMm: null,
    gantryTiltDegrees: null,
    patientPosition: 'HFS',
    patientOrientation: [],
    viewPosition: null,
    view: null,
    imageLaterality: null,
    convolutionKernel: null,
    repetitionTimeMs: null,
    echoTimeMs: null,
    inversionTimeMs: null,
    lossy: false,
    ...header,
  }
}

function aStack(slices: Slices = {}, offsets?: readonly number[]): InstanceHeader[] {
  const { row = [1, 0, 0], column = [0, 1, 0], count = 5, stepMm = 2 } = slices
  const normal = normalOf(row, column)
  return (offsets ?? Array.from({ length: count }, (_, index) => index * stepMm)).map((offset) =>
    aSlice([normal[0] * offset, normal[1] * offset, normal[2] * offset], slices),
  )
}

const only = (headers: readonly InstanceHeader[]) => {
  const { stacks } = judgeSeries(headers)
  expect(stacks).toHaveLength(1)
  const [stack] = stacks
  if (!stack) throw new Error('no stack')
  return stack
}

const SIGNS = [1, -1] as const
const AXIAL = SIGNS.flatMap((x) => SIGNS.flatMap((y) => [false, true].map((swapped) => ({ x, y, swapped }))))

test.each(AXIAL)('axial rows and columns %o: sides from coordinates, display radiological', ({ x, y, swapped }) => {
  const [row, column]: [Direction, Direction] = swapped
    ? [
        [0, y, 0],
        [x, 0, 0],
      ]
    : [
        [x, 0, 0],
        [0, y, 0],
      ]
  const stack = only(aStack({ row, column }))
  expect(stack).toMatchObject({ gradable: true, plane: 'axial' })
  // The patient's left is +x: the side of the edge that the stored image's pixels grow to.
  const edge = swapped ? stack.edges.bottom : stack.edges.right
  expect(edge).toBe(x > 0 ? 'left' : 'right')
  expect(swapped ? stack.edges.left : stack.edges.top).toBeNull()
  expect(stack.turn.transpose).toBe(swapped)
  expect(stack.turn.flipHorizontal).toBe(x < 0)
  expect(stack.turn.flipVertical).toBe(y < 0)
})

test.each(SIGNS.flatMap((x) => SIGNS.map((z) => ({ x, z }))))(
  'coronal %o is shown head up, right at the left',
  ({ x, z }) => {
    const stack = only(aStack({ row: [x, 0, 0], column: [0, 0, z] }))
    expect(stack.plane).toBe('coronal')
    expect(stack.edges.left).toBe(x > 0 ? 'right' : 'left')
    expect(stack.turn).toEqual({ transpose: false, flipHorizontal: x < 0, flipVertical: z > 0 })
  },
)

test('a sagittal image has no left or right edge', () => {
  const stack = only(aStack({ row: [0, 1, 0], column: [0, 0, -1] }))
  expect(stack).toMatchObject({ plane: 'sagittal', edges: { left: null, right: null, top: null, bottom: null } })
  expect(stack.letters).toEqual({ left: 'A', right: 'P', top: 'H', bottom: 'F' })
})

test('slices are sorted along the normal whatever their numbers say', () => {
  const stack = only(aStack({}, [4, 0, 2, 8, 6]))
  expect(stack.frames.map(({ offsetMm }) => offsetMm)).toEqual([0, 2, 4, 6, 8])
  expect(stack.sliceSpacingMm).toBe(2)
})

test('a disc-angled axial slice is axial, one at 45 degrees is oblique', () => {
  const angled = (degrees: number): Direction => {
    const angle = (degrees * Math.PI) / 180
    return [0, Math.cos(angle), Math.sin(angle)]
  }
  expect(only(aStack({ column: angled(30) })).plane).toBe('axial')
  expect(only(aStack({ column: angled(45) })).plane).toBe('oblique')
})

test.each<[string, InstanceHeader[], string]>([
  ['a missing slice', aStack({}, [0, 2, 6, 8, 10]), 'SLICE_MISSING'],
  ['two images at one position', aStack({}, [0, 2, 2, 4]), 'DUPLICATE_SLICE'],
  ['an irregular step', aStack({}, [0, 2, 4.5, 6, 8]), 'SPACING_IRREGULAR'],
  ['one slice', aStack({ count: 1 }), 'SINGLE_SLICE'],
  ['no position', [aSlice(null, {}), aSlice(null, {})], 'GEOMETRY_MISSING'],
  ['directions that are not perpendicular', aStack({ column: [0.1, 0.995, 0] }), 'ORIENTATION_INVALID'],
  ['a scout', aStack({ header: { imageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] } }), 'LOCALIZER'],
  ['a projection of a volume', aStack({ header: { imageType: ['DERIVED', 'SECONDARY', 'MIP'] } }), 'DERIVED'],
])('%s is not gradable and says why', (_, headers, code) => {
  expect(only(headers)).toMatchObject({ gradable: false, code })
  expect(judgeSeries(headers)).toMatchObject({ gradable: false, code })
})

test('a stray slice of another orientation does not mix into the stack', () => {
  const { stacks, gradable } = judgeSeries([...aStack(), ...aStack({ row: [0, 1, 0], column: [0, 0, -1], count: 1 })])
  expect(stacks.map(({ plane, gradable: isGradable, code }) => [plane, isGradable, code])).toEqual([
    ['axial', true, null],
    ['sagittal', false, 'SINGLE_SLICE'],
  ])
  expect(gradable).toBe(true)
})

test('two echoes at the same places are two stacks', () => {
  const echo = (echoTimeMs: number): InstanceHeader[] =>
    aStack({ header: { modality: 'mr' } }).map((header) => ({
      ...header,
      frames: header.frames.map((frame) => ({ ...frame, echoTimeMs })),
    }))
  const { stacks } = judgeSeries([...echo(20), ...echo(90)])
  expect(stacks.map(({ frames, gradable }) => [frames.length, gradable])).toEqual([
    [5, true],
    [5, true],
  ])
})

test('parallel MR slabs, one per disc, are stacks of their own; the same gap in CT is a missing slice', () => {
  const offsets = [0, 3, 6, 30, 33, 36]
  const mr = judgeSeries(aStack({ header: { modality: 'mr' } }, offsets))
  expect(mr.stacks.map(({ frames, gradable }) => [frames.length, gradable])).toEqual([
    [3, true],
    [3, true],
  ])
  expect(only(aStack({}, offsets)).code).toBe('SLICE_MISSING')
})

test('a tilted gantry is noted: slices stay sided, the stack is sheared', () => {
  const tilted = [0, 1, 2, 3].map((index) => aSlice([0, index * 0.5, index * 2], {}))
  expect(only(tilted)).toMatchObject({ gradable: true, notes: ['TILTED'] })
})

test.each<[Partial<InstanceHeader>, string | null, string, string]>([
  [{ patientOrientation: ['L', 'F'] }, 'right', 'patient_orientation', 'ap'],
  [{ patientOrientation: ['R', 'F'], viewPosition: 'PA' }, 'left', 'patient_orientation', 'pa'],
  [{ patientOrientation: ['P', 'F'] }, null, 'patient_orientation', 'lateral'],
  [{ viewPosition: 'AP' }, 'right', 'view_position', 'ap'],
  [{ viewPosition: 'RPO' }, null, 'none', 'oblique'],
  [{}, null, 'none', 'unknown'],
])('the side of a projection %o is proposed, never taken for proven', (header, leftEdge, source, role) => {
  const series = judgeSeries([aSlice(null, { header: { modality: 'xray', ...header } })])
  expect(series.role).toBe(role)
  expect(series.stacks[0]).toMatchObject({ side: { leftEdge, source }, notes: ['SIDE_UNCONFIRMED'] })
})

test('headers of two series are a mistake of the caller', () => {
  const [first] = aStack()
  const [other] = aStack({ header: { seriesInstanceUid: '2.25.99' } })
  expect(() => judgeSeries(first && other ? [first, other] : [])).toThrow(RangeError)
})
