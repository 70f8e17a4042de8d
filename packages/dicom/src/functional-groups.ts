import { type Dataset, readItems } from './dataset.ts'

/** Items of a sequence attribute; none where it is absent. */
export const itemsOf = (dataset: Dataset | undefined, tag: number): Dataset[] => {
  const element = dataset?.elements.get(tag)
  return dataset && element ? readItems(dataset, element) : []
}

const SHARED_GROUPS = 0x52009229
const PER_FRAME_GROUPS = 0x52009230

/**
 * Looks up the functional group macro of a frame (PS3.3 §C.7.6.16): the frame's own item goes before the shared one.
 * The sequences are read once for all frames.
 */
export function frameMacros(dataset: Dataset): (frame: number, tag: number) => Dataset | undefined {
  const [shared] = itemsOf(dataset, SHARED_GROUPS)
  const perFrame = itemsOf(dataset, PER_FRAME_GROUPS)
  const sharedMacro = new Map<number, Dataset | undefined>()
  return (frame, tag) => {
    const [own] = itemsOf(perFrame[frame], tag)
    if (own) return own
    if (!sharedMacro.has(tag)) sharedMacro.set(tag, itemsOf(shared, tag)[0])
    return sharedMacro.get(tag)
  }
}
