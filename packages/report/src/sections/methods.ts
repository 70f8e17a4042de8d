import type { Modality } from '@facetgrade/grading/modality'
import { count, decimal, percent } from '../words/format-number.ts'
import type { Block } from './block.ts'
import { type ReportSource, shortHash, timeText } from './report-source.ts'
import { marginText } from './result-table.ts'

/** The methods of a paper, from protocol and plan: nothing here was typed for this study. */
export function methodsSection(source: ReportSource): Block[] {
  const { say } = source
  const heading = (id: keyof typeof say.methods): Block => ({
    kind: 'heading',
    level: 2,
    id: `methods-${id}`,
    text: say.methods[id],
  })
  const paragraph = (sentences: readonly string[]): Block => ({
    kind: 'paragraph',
    text: source.labels.words.sentence(sentences),
  })
  return [
    { kind: 'heading', level: 1, id: 'methods', text: say.section.methods },
    heading('design'),
    paragraph(design(source)),
    heading('readers'),
    paragraph(readers(source)),
    heading('reference'),
    paragraph(reference(source)),
    heading('model'),
    paragraph(model(source)),
    heading('outcomes'),
    paragraph(outcomes(source)),
    heading('statistics'),
    paragraph(statistics(source)),
    paragraph(hypotheses(source)),
    paragraph(opening(source)),
  ]
}

function design({ say, protocol, labels, context }: ReportSource): string[] {
  const { language } = labels
  const list = say.joinList
  const criteria = (kind: 'inclusion' | 'exclusion'): string =>
    say.criteria(
      protocol.eligibility.criteria
        .filter((one) => one.kind === kind)
        .map((one) => say.inText(one.text[language].replace(/[.。]$/, ''))),
    )
  const { train, validation, test } = protocol.split.ratios
  const strata = protocol.split.strata.map((stratum) =>
    stratum.by === 'column' ? stratum.column : say.inText(labels.words.subgroupBy[stratum.by].split(',')[0] ?? ''),
  )
  return [
    say.say.design({
      registry: protocol.registryId ?? say.notRegistered,
      modalities: list(protocol.modalities.map(labels.modality)),
      features: list(protocol.features.map((one) => say.inText(one.label[language]))),
      joints: `${protocol.levels.map(labels.level).join(', ')}; ${protocol.sides.map(labels.side).join(', ')}`,
    }),
    say.say.eligibility(
      say.say.period(protocol.imagingPeriod.from, protocol.imagingPeriod.to),
      criteria('inclusion'),
      criteria('exclusion'),
    ),
    ...(context.sealHash === null
      ? []
      : [say.say.split(`${train} : ${validation} : ${test}`, list(strata), shortHash(context.sealHash))]),
  ]
}

function readers({ say, protocol, labels }: ReportSource): string[] {
  const { language } = labels
  return [
    ...protocol.readerGroups.map((group) =>
      (group.role === 'reference' ? say.say.referenceGroup : say.say.compared)(
        say.say.readerCount(group.readers),
        group.label[language],
      ),
    ),
    say.say.blinding,
    say.say.spacing(protocol.spacing.casesBetweenSamePatient, protocol.spacing.daysBetweenSamePatient),
    ...protocol.rounds
      .filter((round) => round.kind !== 'first' && round.washoutDays > 0)
      .map((round) => say.say.washout(round.label[language], round.washoutDays)),
  ]
}

function reference({ say, protocol, labels }: ReportSource): string[] {
  const { language } = labels
  const group = protocol.readerGroups.find((one) => one.role === 'reference')
  const steps = [...new Set(Object.values(protocol.discordance.steps))].sort((a, b) => a - b).join('–')
  const targets = Object.entries(protocol.referenceTargets) as [Modality, Modality][]
  const { name, citation } = protocol.severity.scheme
  return [
    group
      ? say.say.reference(
          group.label[language],
          say.say.steps(steps === '' ? '1' : steps),
          protocol.adjudication.notAssessableAllowed,
        )
      : say.say.noReference,
    ...targets.map(([from, to]) => say.say.target(labels.modality(from), labels.modality(to))),
    say.say.severity(name, citation),
  ]
}

function model({ say, document, plan }: ReportSource): string[] {
  const models = document.comparators.filter(({ kind }) => kind === 'model')
  if (models.length === 0) return [say.say.noModel]
  const { operatingPoint } = plan
  const rule =
    operatingPoint.rule === 'youden'
      ? say.say.operatingPoint.youden
      : say.say.operatingPoint[operatingPoint.rule](percent(operatingPoint.value, 0))
  return [
    say.say.model(
      say.joinList(
        models.map(({ code, modelHash }) => (modelHash === null ? code : `${code} (SHA-256 ${shortHash(modelHash)})`)),
      ),
    ),
    say.say.operating(rule),
  ]
}

function outcomes({ say, protocol, labels }: ReportSource): string[] {
  const { words } = labels
  const metrics = (list: readonly (keyof typeof words.metric)[]): string =>
    say.joinList(list.map((metric) => say.inText(words.metric[metric])))
  const cuts = protocol.modalities.map((modality) => {
    const of = protocol.endpoints.cutGrades.filter((cut) => cut.modality === modality)
    return `${labels.modality(modality)}: ${of.map((cut) => `${labels.feature(cut.feature)} ≥\u00a0${cut.cutGrade}`).join(', ')}`
  })
  return [
    say.say.endpoints(metrics(protocol.endpoints.primary), metrics(protocol.endpoints.secondary)),
    say.say.cuts(words.list(cuts)),
  ]
}

function statistics({ say, plan, labels }: ReportSource): string[] {
  const { words } = labels
  const { interval, missing, subgroups, suppressBelow } = plan
  const bands = (from: readonly number[]): string => from.join(', ')
  return [
    say.say.unit(percent(interval.level, 0)),
    say.say.proportions[interval.proportions],
    `${say.say.kappa[plan.kappaWeights]}${say.say.kappaMore}`,
    say.say.auc[interval.auc],
    say.say.likeWithLike,
    say.say.panel,
    say.say.bootstrap(
      count(interval.bootstrap.replicates),
      say.say.bootstrapKind[interval.bootstrap.kind],
      interval.bootstrap.seed,
    ),
    say.say.missing(say.joinList(missing.sensitivity.map((rule) => words.missingRule[rule]))),
    ...(subgroups.length === 0
      ? []
      : [
          say.say.subgroups(
            say.joinList(
              subgroups.map((one) =>
                'from' in one
                  ? `${say.inText(words.subgroupBy[one.by])} (${bands(one.from)})`
                  : say.inText(words.subgroupBy[one.by]),
              ),
            ),
            suppressBelow,
          ),
        ]),
  ]
}

function hypotheses({ say, plan, labels }: ReportSource): string[] {
  const { words } = labels
  return [
    ...plan.families.map((family) =>
      say.say.family(
        family.id,
        say.inText(words.hypothesisKind[family.hypothesis]),
        say.say.comparison[family.comparison],
        say.joinList(family.metrics.map((metric) => say.inText(words.metric[metric]))),
        say.say.adjust[family.adjust],
        decimal(family.level, 2),
      ),
    ),
    ...(plan.margins.length === 0
      ? []
      : [
          say.say.margin(
            words.list(
              plan.margins.map(
                (one) =>
                  `${words.metric[one.metric]}, ${say.say.comparison[one.comparison]}: ${marginText(one.margin)}`,
              ),
            ),
          ),
        ]),
  ]
}

function opening({ say, context }: ReportSource): string[] {
  const { version, lockedAt, isLockedLate } = context.plan
  if (lockedAt === null) return [say.say.notLocked(version)]
  return [(isLockedLate ? say.say.lockedLate : say.say.locked)(version, timeText(lockedAt))]
}
