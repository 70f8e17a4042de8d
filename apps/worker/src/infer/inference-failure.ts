import type { RunFailure } from '@facetgrade/grading/model-problem'

/** Why one attempt at one exam failed, as a code that a screen can say. */
export class InferenceFailure extends Error {
  override name = 'InferenceFailure'
  readonly failure: RunFailure
  constructor(failure: RunFailure, message: string) {
    super(message)
    this.failure = failure
  }
}
