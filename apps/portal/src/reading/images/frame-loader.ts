import { cache, Enums, imageLoader, init as initCore, metaData, type Types, utilities } from '@cornerstonejs/core'
import type { CaseStack } from '@facetgrade/study/cases/case-view'
import { FrameMetadata, rangeOf, rescaledValues } from './rescale-frame.ts'
import { turnFrame } from './turn-frame.ts'
import { turnedPlane } from './turned-plane.ts'

const SCHEME = 'facetgrade'
/** Decoded images kept in the page; a laptop of 4 GB goes on working. */
const CACHE_BYTES = 600 * 1024 * 1024

/** What drawing a frame needs, known before its pixels come. */
type Placed = { url: string; stack: CaseStack; frame: number; modality: string; pixel: FrameMetadata | undefined }

const placed = new Map<string, Placed>()

/** The frame could not be fetched; `status` 0 when no answer came at all. */
export class FrameError extends Error {
  override name = 'FrameError'
  readonly status: number
  constructor(status: number) {
    super(`frame: ${status}`)
    this.status = status
  }
}

let isStarted = false
export function startViewer(): void {
  if (isStarted) return
  isStarted = true
  initCore()
  cache.setMaxCacheSize(CACHE_BYTES)
  imageLoader.registerImageLoader(SCHEME, loadFrame)
  metaData.addProvider(provide, 10_000)
}

/** Image ids of a stack in the order of scrolling; they mean something in this page only. */
export function registerStack(
  at: { studyCode: string; assignmentId: string; modality: string },
  stack: CaseStack,
): string[] {
  return stack.positions.map((_, frame) => {
    const url = `/api/cases/${at.assignmentId}/series/${stack.series}/frames/${frame}?study=${at.studyCode}`
    const imageId = `${SCHEME}:${url}`
    if (!placed.has(imageId)) placed.set(imageId, { url, stack, frame, modality: at.modality, pixel: undefined })
    return imageId
  })
}

/** The window that the file proposes, in rescaled values; undefined when it proposes none or is not loaded yet. */
export const storedWindow = (imageId: string): { center: number; width: number } | undefined =>
  placed.get(imageId)?.pixel?.windows[0]

export const isDarkOnLight = (imageId: string): boolean => placed.get(imageId)?.pixel?.photometric === 'MONOCHROME1'

/** Frees what the case held. */
export function forgetImages(imageIds: readonly string[]): void {
  for (const imageId of imageIds) {
    placed.delete(imageId)
    if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId, { force: true })
  }
}

function loadFrame(imageId: string): { promise: Promise<Types.IImage>; cancelFn: () => void } {
  const cancelled = new AbortController()
  return { promise: fetchFrame(imageId, cancelled.signal), cancelFn: () => cancelled.abort() }
}

async function fetchFrame(imageId: string, signal: AbortSignal): Promise<Types.IImage> {
  const at = placed.get(imageId)
  if (!at) throw new FrameError(404)
  const response = await fetch(at.url, { credentials: 'same-origin', signal }).catch(() => undefined)
  if (!response?.ok) throw new FrameError(response?.status ?? 0)
  const metadata = FrameMetadata.parse(JSON.parse(response.headers.get('x-facetgrade-frame') ?? 'null'))
  at.pixel = metadata
  const { pixels, rows, columns } = turnFrame(
    rescaledValues(await response.arrayBuffer(), metadata),
    metadata,
    at.stack.turn,
  )
  const { lowest, highest } = rangeOf(pixels)
  const [rowPixelSpacing, columnPixelSpacing] = spacingOf(at.stack)
  const window = metadata.windows[0] ?? { center: (lowest + highest) / 2, width: Math.max(1, highest - lowest) }
  const scalarData = pixels as Types.PixelDataTypedArray
  const voxelManager = utilities.VoxelManager.createImageVoxelManager({
    scalarData,
    width: columns,
    height: rows,
    numberOfComponents: 1,
  })
  const preScale = {
    enabled: true,
    scaled: true,
    scalingParameters: { rescaleSlope: 1, rescaleIntercept: 0, modality: at.modality },
  }
  return {
    imageId,
    dataType: scalarData.constructor.name as Types.PixelDataTypedArrayString,
    isPreScaled: true,
    preScale,
    minPixelValue: lowest,
    maxPixelValue: highest,
    slope: 1,
    intercept: 0,
    windowCenter: window.center,
    windowWidth: window.width,
    voiLUTFunction: Enums.VOILUTFunctionType.LINEAR,
    getPixelData: () => scalarData,
    getCanvas: () => document.createElement('canvas'),
    rows,
    columns,
    height: rows,
    width: columns,
    color: false,
    rgba: false,
    numberOfComponents: 1,
    columnPixelSpacing,
    rowPixelSpacing,
    invert: false,
    photometricInterpretation: 'MONOCHROME2',
    sizeInBytes: pixels.byteLength,
    voxelManager,
  }
}

function spacingOf(stack: CaseStack): readonly [number, number] {
  const [betweenRows, betweenColumns] = stack.pixelSpacingMm ?? [1, 1]
  return stack.turn.transpose ? [betweenColumns, betweenRows] : [betweenRows, betweenColumns]
}

function provide(type: string, imageId: unknown): unknown {
  const at = typeof imageId === 'string' ? placed.get(imageId) : undefined
  if (!at) return undefined
  switch (type) {
    case Enums.MetadataModules.IMAGE_PLANE:
      return planeOf(at)
    case Enums.MetadataModules.IMAGE_PIXEL:
      return pixelOf(at)
    case Enums.MetadataModules.GENERAL_SERIES:
      return { modality: at.modality === 'xray' ? 'DX' : at.modality.toUpperCase() }
    default:
      return undefined
  }
}

function planeOf({ stack, frame }: Placed) {
  const plane = turnedPlane(
    {
      rows: stack.rows,
      columns: stack.columns,
      rowDirection: stack.rowDirection ?? [1, 0, 0],
      columnDirection: stack.columnDirection ?? [0, 1, 0],
      position: stack.positions[frame] ?? [0, 0, 0],
      spacingMm: stack.pixelSpacingMm ?? [1, 1],
    },
    stack.turn,
  )
  const [rowPixelSpacing, columnPixelSpacing] = plane.spacingMm
  return {
    rows: plane.rows,
    columns: plane.columns,
    rowCosines: [...plane.rowDirection],
    columnCosines: [...plane.columnDirection],
    imageOrientationPatient: [...plane.rowDirection, ...plane.columnDirection],
    imagePositionPatient: [...plane.position],
    rowPixelSpacing,
    columnPixelSpacing,
    pixelSpacing: [rowPixelSpacing, columnPixelSpacing],
    sliceThickness: stack.sliceSpacingMm ?? undefined,
    frameOfReferenceUID: `series-${stack.series}`,
    usingDefaultValues: stack.pixelSpacingMm === null,
  }
}

function pixelOf({ pixel }: Placed) {
  const bits = pixel?.bitsAllocated ?? 16
  return {
    samplesPerPixel: 1,
    photometricInterpretation: 'MONOCHROME2',
    bitsAllocated: bits,
    bitsStored: bits,
    highBit: bits - 1,
    pixelRepresentation: pixel?.isSigned === false ? 0 : 1,
  }
}
