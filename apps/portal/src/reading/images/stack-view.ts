import { cache, Enums, eventTarget, type RenderingEngine, StackViewport, utilities } from '@cornerstonejs/core'
import type { WindowPreset } from '@facetgrade/grading/protocol-document'
import { FrameError, isDarkOnLight, storedWindow } from './frame-loader.ts'

export type StackViewEvents = {
  /** The first image of the stack stands on the screen. */
  onShown(): void
  onPlace(index: number): void
  /** The image that should be shown cannot be fetched; `status` 0 when no answer came. */
  onFailed(status: number): void
}

export type StackView = {
  /** By so many slices, never beyond the ends. */
  scroll(by: number): void
  show(index: number): void
  setWindow(preset: WindowPreset | undefined): void
  setInverted(isInverted: boolean): void
  /** Drags, in pixels of the screen. */
  dragWindow(dx: number, dy: number): void
  dragPan(dx: number, dy: number): void
  zoomBy(factor: number): void
  reset(): void
  retry(): void
  close(): void
}

/** A stack on a part of the screen, in the middle at first. The page asks; everything that draws is here. */
export function openStackView(
  { engine, id, element }: { engine: RenderingEngine; id: string; element: HTMLDivElement },
  imageIds: readonly string[],
  events: StackViewEvents,
): StackView {
  engine.enableElement({ viewportId: id, type: Enums.ViewportType.STACK, element })
  const found = engine.getViewport(id)
  if (!(found instanceof StackViewport)) throw new TypeError('openStackView: not a stack viewport')
  const viewport = found
  let wanted = Math.floor(imageIds.length / 2)
  let preset: WindowPreset | undefined
  let isInverted = false
  let isClosed = false
  const current = () => imageIds[wanted] ?? ''

  const applyWindow = () => {
    const window = preset?.kind === 'window' ? preset : storedWindow(current())
    if (window) viewport.setProperties({ voiRange: utilities.windowLevel.toLowHighRange(window.width, window.center) })
  }
  const applyInversion = () => viewport.setProperties({ invert: isInverted !== isDarkOnLight(current()) })
  const failed = (event: Event) => {
    const { detail } = event as CustomEvent<{ imageId?: string; error?: unknown }>
    if (detail.imageId !== current()) return
    events.onFailed(detail.error instanceof FrameError ? detail.error.status : 0)
  }
  const rendered = () => events.onShown()
  const resized = new ResizeObserver(() => engine.resize(true, true))
  element.addEventListener(Enums.Events.IMAGE_RENDERED, rendered, { once: true })
  eventTarget.addEventListener(Enums.Events.IMAGE_LOAD_FAILED, failed)

  const start = () => {
    viewport.setStack([...imageIds], wanted).then(
      () => {
        if (isClosed) return
        applyWindow()
        applyInversion()
        viewport.render()
        events.onPlace(wanted)
      },
      (error: unknown) => events.onFailed(error instanceof FrameError ? error.status : 0),
    )
  }
  const show = (index: number) => {
    const next = Math.min(Math.max(index, 0), imageIds.length - 1)
    if (next === wanted) return
    wanted = next
    events.onPlace(next)
    viewport.setImageIdIndex(next).catch((error: unknown) => {
      if (!isClosed && wanted === next) events.onFailed(error instanceof FrameError ? error.status : 0)
    })
  }
  resized.observe(element)
  start()
  return {
    scroll: (by) => show(wanted + by),
    show,
    setWindow(next) {
      preset = next
      applyWindow()
      viewport.render()
    },
    setInverted(next) {
      isInverted = next
      applyInversion()
      viewport.render()
    },
    dragWindow(dx, dy) {
      const { voiRange } = viewport.getProperties()
      if (!voiRange) return
      const width = voiRange.upper - voiRange.lower
      const step = Math.max(width, 1) / 300
      const wider = Math.max(1, width + dx * step)
      const center = (voiRange.upper + voiRange.lower) / 2 + dy * step
      viewport.setProperties({ voiRange: { lower: center - wider / 2, upper: center + wider / 2 } })
      viewport.render()
    },
    dragPan(dx, dy) {
      const [x, y] = viewport.getPan()
      viewport.setPan([x + dx, y + dy])
      viewport.render()
    },
    zoomBy(factor) {
      viewport.setZoom(Math.min(20, Math.max(0.2, viewport.getZoom() * factor)))
      viewport.render()
    },
    reset() {
      viewport.resetCamera()
      applyWindow()
      applyInversion()
      viewport.render()
    },
    retry() {
      for (const imageId of imageIds) {
        if (cache.getImageLoadObject(imageId) && !cache.getImage(imageId)) cache.removeImageLoadObject(imageId)
      }
      start()
    },
    close() {
      isClosed = true
      resized.disconnect()
      element.removeEventListener(Enums.Events.IMAGE_RENDERED, rendered)
      eventTarget.removeEventListener(Enums.Events.IMAGE_LOAD_FAILED, failed)
      engine.disableElement(id)
    },
  }
}
