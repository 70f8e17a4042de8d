import { cache, imageLoader } from '@cornerstonejs/core'

const AT_ONCE = 4

/** From the middle outwards: the slices that a reader scrolls to first. */
export function outwards<T>(items: readonly T[], from: number): T[] {
  return items
    .map((item, index) => ({ item, distance: Math.abs(index - from) }))
    .toSorted((a, b) => a.distance - b.distance)
    .map(({ item }) => item)
}

/** Loads what is not there yet, a few at a time, until done or aborted. A frame that fails is left to its viewport. */
export async function prefetchFrames(imageIds: readonly string[], signal: AbortSignal): Promise<void> {
  const left = imageIds.filter((imageId) => !cache.getImageLoadObject(imageId))
  const work = async () => {
    for (let imageId = left.shift(); imageId !== undefined && !signal.aborted; imageId = left.shift()) {
      await imageLoader.loadAndCacheImage(imageId).then(
        () => undefined,
        () => undefined, // shown, with a way to try again, when the reader scrolls there
      )
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}
