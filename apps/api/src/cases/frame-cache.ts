import type { Frame } from '@facetgrade/dicom/frames'

export type FrameCache = { get(key: string, load: () => Promise<Frame>): Promise<Frame> }

/**
 * Decoded frames by content, least recently used out first. Content is what is cached, never the right to see it: every
 * request is authorised before it comes here. Requests for one frame at one moment share one load.
 */
export function frameCache(maxBytes: number): FrameCache {
  const kept = new Map<string, Frame>()
  const loading = new Map<string, Promise<Frame>>()
  let bytes = 0
  const keep = (key: string, frame: Frame) => {
    if (frame.pixels.byteLength > maxBytes) return
    kept.set(key, frame)
    bytes += frame.pixels.byteLength
    for (const [oldest, { pixels }] of kept) {
      if (bytes <= maxBytes) break
      kept.delete(oldest)
      bytes -= pixels.byteLength
    }
  }
  return {
    async get(key, load) {
      const known = kept.get(key)
      if (known) {
        kept.delete(key)
        kept.set(key, known)
        return known
      }
      const running = loading.get(key)
      if (running) return running
      const started = load()
      loading.set(key, started)
      try {
        const frame = await started
        keep(key, frame)
        return frame
      } finally {
        loading.delete(key)
      }
    },
  }
}
