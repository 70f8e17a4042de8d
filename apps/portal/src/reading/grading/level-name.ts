import type { Level } from '@facetgrade/grading/joint'

/** `L4L5` as people write it: L4/5, L5/S1. */
export function levelName(level: Level): string {
  const [upper, lower] = [level.slice(0, 2), level.slice(2)]
  return lower.startsWith('S') ? `${upper}/${lower}` : `${upper}/${lower.slice(1)}`
}
