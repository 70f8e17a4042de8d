import { readFileSync } from 'node:fs'
import { Protocol } from '@facetgrade/grading/protocol'

export const shippedProtocol = (): Protocol =>
  Protocol.parse(
    JSON.parse(readFileSync(new URL('../../../protocols/lumbar-facet-joint.json', import.meta.url), 'utf8')),
  )
