import { createHash } from 'node:crypto'
import type { Sha256 } from '@facetgrade/grading/sha256'

/** SHA-256 of the UTF-8 bytes, lower-case hexadecimal. */
export const sha256: Sha256 = (text) => createHash('sha256').update(text, 'utf8').digest('hex')
