import { StudyCode } from '@facetgrade/grading/study-code'
import { UsageError } from './refusal.ts'

/** The study a command is about. @throws {UsageError} not a study code */
export function studyOf({ study }: { study: string }): string {
  const code = StudyCode.safeParse(study)
  if (!code.success) throw new UsageError('--study is lower case letters, digits and hyphens, at most 24')
  return code.data
}
