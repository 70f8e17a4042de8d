import type { Check, Report } from './contradiction.ts'
import { FEATURES } from './feature.ts'
import type { ProtocolDocument, Scale } from './protocol-document.ts'

/** What must hold between scales, severity, discordance, reference targets and endpoints. */
export const SCALE_CHECKS: readonly Check[] = [
  checkFeatures,
  checkSeverityTables,
  checkSeveritySwitches,
  checkDiscordance,
  checkReferenceTargets,
  checkEndpoints,
]

function checkFeatures(document: ProtocolDocument, report: Report): void {
  const { modalities, features, globalGrade, readerGroups, eligibility } = document
  const named: (readonly [path: readonly (string | number)[], modality: string])[] = [
    ...features.flatMap((question, index) =>
      Object.keys(question.scales).map((modality) => [['features', index, 'scales', modality], modality] as const),
    ),
    ...(globalGrade?.modalities ?? []).map(
      (modality, index) => [['globalGrade', 'modalities', index], modality] as const,
    ),
    ...readerGroups.flatMap((group, index) =>
      (group.modalities ?? []).map((modality) => [['readerGroups', index, 'modalities'], modality] as const),
    ),
    ...eligibility.criteria.flatMap((criterion, index) =>
      criterion.proposal?.from === 'modalities'
        ? criterion.proposal.any.map((modality) => [['eligibility', 'criteria', index, 'proposal'], modality] as const)
        : [],
    ),
  ]
  for (const [path, modality] of named) {
    if (!modalities.some((known) => known === modality)) {
      report(path, 'MODALITY_UNKNOWN', `${modality} is not among the protocol's modalities.`)
    }
  }
  for (const [index, modality] of modalities.entries()) {
    if (!features.some(({ scales }) => scales[modality])) {
      report(['modalities', index], 'MODALITY_UNASKED', `No feature is asked in ${modality}.`)
    }
  }
}

const TABLE_FEATURES = ['hypertrophy', 'osteophytes', 'erosion'] as const

function checkSeverityTables(document: ProtocolDocument, report: Report): void {
  for (const modality of document.modalities) {
    for (const feature of TABLE_FEATURES) {
      const path = ['severity', 'tables', modality, feature]
      const scale = scaleIn(document, modality, feature)
      const table = document.severity.tables[modality]?.[feature]
      if (scale && !table) {
        report(path, 'SEVERITY_TABLE_MISSING', `The severity rule needs a table for ${feature} in ${modality}.`)
      } else if (table && !scale) {
        report(path, 'SEVERITY_TABLE_UNASKED', `${feature} is not asked in ${modality}, so it has no severity table.`)
      } else if (table && scale && (table.length !== scale.length || table[0] !== 0 || falls(table))) {
        const message = `The table has one severity for each of the ${scale.length} levels, begins at 0 and never falls.`
        report(path, 'SEVERITY_TABLE_WRONG', message)
      }
    }
  }
}

function falls(table: readonly number[]): boolean {
  return table.some((severity, index) => severity < (table[index - 1] ?? 0))
}

function checkSeveritySwitches(document: ProtocolDocument, report: Report): void {
  const { severity, modalities } = document
  for (const modality of modalities) {
    if (severity.severeNarrowingLifts && scaleIn(document, modality, 'narrowing')?.length === 2) {
      const message = `With two levels of narrowing in ${modality}, none of them is severe.`
      report(['severity', 'severeNarrowingLifts'], 'SEVERITY_SWITCH_NEEDS_LEVELS', message)
    }
    if (!severity.smallestCystIsSevere && scaleIn(document, modality, 'cyst')?.length === 2) {
      const message = `With two levels of cyst in ${modality}, the smallest cyst cannot be told from the others.`
      report(['severity', 'smallestCystIsSevere'], 'SEVERITY_SWITCH_NEEDS_LEVELS', message)
    }
  }
}

function checkDiscordance(document: ProtocolDocument, report: Report): void {
  const scales = [
    ...document.features.map(({ feature, scales }) => [feature, Object.values(scales)] as const),
    ...(document.globalGrade ? [['severity', [document.globalGrade.scale]] as const] : []),
  ]
  for (const [feature, ofModalities] of scales) {
    const path = ['discordance', 'steps', feature]
    const steps = document.discordance.steps[feature]
    const widest = Math.max(...ofModalities.map(({ length }) => length)) - 1
    if (steps === undefined) report(path, 'DISCORDANCE_MISSING', `${feature} has no discordance rule.`)
    else if (steps > widest) {
      const message = `Two grades of ${feature} are never ${steps} steps apart.`
      report(path, 'DISCORDANCE_TOO_WIDE', message)
    }
  }
}

function checkReferenceTargets(document: ProtocolDocument, report: Report): void {
  const { referenceTargets, modalities, features } = document
  for (const modality of modalities) {
    const target = referenceTargets[modality]
    if (!target) continue
    const path = ['referenceTargets', modality]
    if (target === modality || !modalities.includes(target) || referenceTargets[target]) {
      const message = 'The target is another of the modalities, and is judged by its own reference.'
      report(path, 'REFERENCE_TARGET_WRONG', message)
      continue
    }
    for (const { feature, scales } of features) {
      if (scales[modality] && scales[modality].length !== scales[target]?.length) {
        const message = `${feature} needs the same number of levels in ${modality} and in ${target}.`
        report(path, 'REFERENCE_TARGET_WRONG', message)
      }
    }
  }
}

function checkEndpoints(document: ProtocolDocument, report: Report): void {
  const { endpoints, modalities, severity } = document
  const metrics = [...endpoints.primary, ...endpoints.secondary]
  if (new Set(metrics).size < metrics.length) {
    report(['endpoints', 'secondary'], 'METRIC_TWICE', 'A metric stands among the endpoints twice.')
  }
  for (const modality of modalities) {
    for (const feature of [...FEATURES, 'severity'] as const) {
      const levels = feature === 'severity' ? severity.levels.length : scaleIn(document, modality, feature)?.length
      const isCut = endpoints.cutGrades.some((cut) => cut.modality === modality && cut.feature === feature)
      if (levels && !isCut) {
        const message = `${feature} in ${modality} has no cut grade.`
        report(['endpoints', 'cutGrades'], 'CUT_GRADE_MISSING', message)
      }
    }
  }
  for (const [index, { modality, feature, cutGrade }] of endpoints.cutGrades.entries()) {
    const path = ['endpoints', 'cutGrades', index]
    const levels = feature === 'severity' ? severity.levels.length : scaleIn(document, modality, feature)?.length
    if (!levels || !modalities.includes(modality)) {
      report(path, 'CUT_GRADE_UNASKED', `${feature} is not asked in ${modality}.`)
    } else if (cutGrade >= levels) {
      report(
        [...path, 'cutGrade'],
        'CUT_GRADE_OFF_SCALE',
        `The scale of ${feature} in ${modality} ends at ${levels - 1}.`,
      )
    }
  }
}

function scaleIn(
  { features }: ProtocolDocument,
  modality: ProtocolDocument['modalities'][number],
  feature: (typeof FEATURES)[number],
): Scale | undefined {
  return features.find((question) => question.feature === feature)?.scales[modality]
}
