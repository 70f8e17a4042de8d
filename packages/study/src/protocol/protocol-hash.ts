import { canonicalJson } from '@facetgrade/grading/canonical-json'
import type { Protocol } from '@facetgrade/grading/protocol'
import { sha256 } from '../sha256.ts'

/** SHA-256 of the document's RFC 8785 canonical JSON (contracts §1). */
export const protocolHash = (protocol: Protocol): string => sha256(canonicalJson(protocol))
