import { Protocol } from '@facetgrade/grading/protocol'
import document from '../../../../protocols/lumbar-facet-joint.json' with { type: 'json' }

/** The facet-joint protocol that ships with the product; a study without one of its own starts from it. */
export const shippedProtocol: Protocol = Protocol.parse(document)
