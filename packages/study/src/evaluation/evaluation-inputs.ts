import { EvaluationComparator } from '@facetgrade/evaluation/evaluation-document'
import { z } from 'zod'

const Versioned = { version: z.int(), hash: z.string() }

/** What an evaluation stood on: every document by id, version and hash. */
export const EvaluationInputs = z.strictObject({
  plan: z.strictObject({ planId: z.uuid(), ...Versioned }),
  unsealing: z.strictObject({ unsealingId: z.uuid(), ordinal: z.int() }),
  protocol: z.strictObject(Versioned),
  reference: z.strictObject({ referenceId: z.uuid(), ...Versioned }),
  sealHash: z.string(),
  round: z.string(),
  comparators: z.array(EvaluationComparator),
  models: z.array(
    z.strictObject({
      modelId: z.uuid(),
      slug: z.string(),
      hash: z.string(),
      /** Cells of the test part, and the hash over them. */
      predictions: z.int(),
      predictionsHash: z.string(),
    }),
  ),
  operatingPointsHash: z.string(),
  signatureIds: z.array(z.uuid()),
  consensusIds: z.array(z.uuid()),
  patients: z.int(),
  cells: z.int(),
  cellsHash: z.string(),
})
