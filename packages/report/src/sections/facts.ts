import type { Block } from './block.ts'
import { type ReportSource, shortHash, timeText } from './report-source.ts'

/** Versions, hashes and openings: enough to say which results these are, for ever. */
export function facts({ document, protocol, context, say, labels }: ReportSource): Block {
  const { fact } = say
  const { language } = labels
  const models = document.comparators.filter(({ kind }) => kind === 'model')
  const version = (of: { version: number; hash: string }): string => say.version(of.version, shortHash(of.hash))
  return {
    kind: 'facts',
    items: [
      [fact.study, `${context.studyCode}: ${protocol.title[language]}`],
      [fact.registration, protocol.registryId ?? say.notRegistered],
      [fact.data, document.data === 'simulated' ? say.dryRun : say.dataKind[document.studyKind]],
      [fact.evaluation, `${context.evaluationId}, ${timeText(context.createdAt)}`],
      [fact.results, `SHA-256 ${context.resultHash}`],
      [fact.protocol, version(context.protocol)],
      [
        fact.plan,
        `${version(context.plan)}${context.plan.lockedAt === null ? '' : say.lockedAt(timeText(context.plan.lockedAt))}`,
      ],
      [
        fact.opening,
        context.opening === null
          ? say.noOpening
          : say.opening(
              context.opening.ordinal,
              context.opening.total,
              timeText(context.opening.at),
              context.opening.reason,
            ),
      ],
      ...(context.reference === null ? [] : [[fact.reference, version(context.reference)] as const]),
      ...(context.sealHash === null ? [] : [[fact.seal, shortHash(context.sealHash)] as const]),
      [
        fact.models,
        models.length === 0
          ? say.noModel
          : models
              .map((one) => `${one.code}${one.modelHash === null ? '' : ` (SHA-256 ${shortHash(one.modelHash)})`}`)
              .join('; '),
      ],
      [fact.software, `FacetGrade ${context.software}`],
    ],
  }
}
