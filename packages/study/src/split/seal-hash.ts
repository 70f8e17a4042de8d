import { canonicalJson } from '@facetgrade/grading/canonical-json'
import type { SplitSeal } from '@facetgrade/grading/split-seal'
import { sha256 } from '../sha256.ts'

/** SHA-256 of the document's RFC 8785 canonical JSON (contracts §1). */
export const sealHash = (document: SplitSeal): string => sha256(canonicalJson(document))
