import { FEATURES } from './feature.ts'
import type { ProtocolDocument, Scale } from './protocol-document.ts'

export type Contradiction = {
  readonly path: readonly (string | number)[]
  readonly code: ContradictionCode
  readonly message: string
}

type Report = (path: readonly (string | number)[], code: ContradictionCode, message: string) => void
type Check = (document: ProtocolDocument, report: Report) => void

export type ContradictionCode =
  | 'PERIOD_REVERSED'
  | 'DUPLICATE'
  | 'MODALITY_UNKNOWN'
  | 'MODALITY_UNASKED'
  | 'SEVERITY_TABLE_MISSING'
  | 'SEVERITY_TABLE_UNASKED'
  | 'SEVERITY_TABLE_WRONG'
  | 'SEVERITY_SWITCH_NEEDS_LEVELS'
  | 'CRITERION_CODE_WRONG'
  | 'INCLUSION_MISSING'
  | 'RATIOS_NOT_100'
  | 'TRAIN_EMPTY'
  | 'STRATUM_WRONG'
  | 'GROUP_MISSING'
  | 'GROUP_ROLES_OVERLAP'
  | 'REFERENCE_UNREAD'
  | 'DISCORDANCE_MISSING'
  | 'DISCORDANCE_TOO_WIDE'
  | 'ROUND_WRONG'
  | 'REFERENCE_TARGET_WRONG'
  | 'CUT_GRADE_MISSING'
  | 'CUT_GRADE_UNASKED'
  | 'CUT_GRADE_OFF_SCALE'
  | 'METRIC_TWICE'
  | 'COLUMN_WRONG'
  | 'HANGING_MISSING'

/** Everything in a well-formed document that contradicts itself; empty for a protocol one can run a study by. */
export function protocolContradictions(document: ProtocolDocument): Contradiction[] {
  const found: Contradiction[] = []
  const report: Report = (path, code, message) => found.push({ path, code, message })
  for (const check of CHECKS) check(document, report)
  return found
}

const CHECKS: readonly Check[] = [
  checkPeriod,
  checkUniqueness,
  checkFeatures,
  checkSeverityTables,
  checkSeveritySwitches,
  checkEligibility,
  checkSplit,
  checkReaderGroups,
  checkDiscordance,
  checkRounds,
  checkReferenceTargets,
  checkEndpoints,
  checkColumns,
  checkHanging,
]

function checkPeriod({ imagingPeriod }: ProtocolDocument, report: Report): void {
  if (imagingPeriod.from > imagingPeriod.to) {
    report(['imagingPeriod', 'to'], 'PERIOD_REVERSED', 'The imaging period ends before it begins.')
  }
}

function checkUniqueness(document: ProtocolDocument, report: Report): void {
  const lists: readonly (readonly [path: readonly string[], names: readonly string[]])[] = [
    [['modalities'], document.modalities],
    [['levels'], document.levels],
    [['sides'], document.sides],
    [['features'], document.features.map(({ feature }) => feature)],
    [['eligibility', 'criteria'], document.eligibility.criteria.map(({ code }) => code)],
    [
      ['split', 'strata'],
      document.split.strata.map((variable) => (variable.by === 'column' ? variable.column : variable.by)),
    ],
    [['readerGroups'], document.readerGroups.map(({ codePrefix }) => codePrefix)],
    [['rounds'], document.rounds.map(({ name }) => name)],
    [['endpoints', 'cutGrades'], document.endpoints.cutGrades.map(({ modality, feature }) => `${modality}/${feature}`)],
    [['clinicalColumns'], document.clinicalColumns.map(({ name }) => name)],
    [['phases'], document.phases.map(({ name }) => name)],
  ]
  for (const [path, names] of lists) {
    const twice = names.findIndex((name, index) => names.indexOf(name) < index)
    if (twice >= 0) report([...path, twice], 'DUPLICATE', `"${names[twice]}" stands here twice.`)
  }
}

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

function checkEligibility({ eligibility }: ProtocolDocument, report: Report): void {
  for (const [index, { code, kind }] of eligibility.criteria.entries()) {
    if (code.startsWith('I') !== (kind === 'inclusion')) {
      const message = 'Codes of inclusion criteria begin with I, of exclusion criteria with E.'
      report(['eligibility', 'criteria', index, 'code'], 'CRITERION_CODE_WRONG', message)
    }
  }
  if (!eligibility.criteria.some(({ kind }) => kind === 'inclusion')) {
    report(['eligibility', 'criteria'], 'INCLUSION_MISSING', 'A study needs at least one inclusion criterion.')
  }
}

function checkSplit({ split, clinicalColumns }: ProtocolDocument, report: Report): void {
  const { train, validation, test } = split.ratios
  const sum = train + validation + test
  if (sum !== 100) report(['split', 'ratios'], 'RATIOS_NOT_100', `The parts make ${sum} percent, not 100.`)
  if (train === 0) report(['split', 'ratios', 'train'], 'TRAIN_EMPTY', 'The training part cannot be empty.')
  for (const [index, variable] of split.strata.entries()) {
    const path = ['split', 'strata', index]
    if (variable.by === 'age' && variable.from.some((age, at) => age <= (variable.from[at - 1] ?? 0))) {
      report([...path, 'from'], 'STRATUM_WRONG', 'The ages at which bands begin must rise.')
    }
    if (variable.by !== 'column') continue
    if (clinicalColumns.find(({ name }) => name === variable.column)?.type !== 'code') {
      report([...path, 'column'], 'STRATUM_WRONG', `"${variable.column}" is not a clinical column with codes.`)
    }
  }
}

function checkReaderGroups(document: ProtocolDocument, report: Report): void {
  const { readerGroups, modalities, referenceTargets } = document
  const groups = [...readerGroups.entries()]
  for (const [index, group] of groups) {
    const earlier = readerGroups.slice(0, index).find(({ name }) => name === group.name)
    if (!earlier) continue
    const message =
      earlier.role === group.role
        ? `"${group.name}" stands here twice.`
        : `"${group.name}" would be compared with a reference that it sets.`
    report(['readerGroups', index], earlier.role === group.role ? 'DUPLICATE' : 'GROUP_ROLES_OVERLAP', message)
  }
  const references = groups.filter(([, { role }]) => role === 'reference')
  if (references.length !== 1) report(['readerGroups'], 'GROUP_MISSING', 'Exactly one group sets the reference.')
  if (references.length === groups.length) report(['readerGroups'], 'GROUP_MISSING', 'No group is compared with it.')
  for (const [index, { modalities: read, parts }] of references) {
    const unread = modalities.filter(
      (modality) => !(read ?? modalities).includes(referenceTargets[modality] ?? modality),
    )
    if (unread.length > 0) {
      const message = `The reference group reads nothing that ${unread.join(' and ')} could be judged by.`
      report(['readerGroups', index, 'modalities'], 'REFERENCE_UNREAD', message)
    }
    if (parts && !parts.includes('test')) {
      report(['readerGroups', index, 'parts'], 'REFERENCE_UNREAD', 'The reference group must read the test part.')
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

function checkRounds({ rounds }: ProtocolDocument, report: Report): void {
  for (const [index, { kind, share, washoutDays }] of rounds.entries()) {
    const isFirst = index === 0
    if (isFirst !== (kind === 'first')) {
      report(['rounds', index, 'kind'], 'ROUND_WRONG', 'The first round, and no other, is of the kind "first".')
    }
    if (isFirst && (share !== 100 || washoutDays !== 0)) {
      report(['rounds', index], 'ROUND_WRONG', 'The first round reads every case, without a washout.')
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

const FIXED_COLUMNS = ['patient_code', 'issuer', 'patient_id', 'sex', 'age_years', 'site']

function checkColumns({ clinicalColumns }: ProtocolDocument, report: Report): void {
  for (const [index, column] of clinicalColumns.entries()) {
    const path = ['clinicalColumns', index]
    if (FIXED_COLUMNS.includes(column.name)) {
      report([...path, 'name'], 'COLUMN_WRONG', `Every clinical table has a column "${column.name}" already.`)
    }
    if (column.type === 'code') {
      const codes = column.codes.map(({ code }) => code)
      if (new Set(codes).size < codes.length) report([...path, 'codes'], 'COLUMN_WRONG', 'A code stands here twice.')
    } else if (column.min !== undefined && column.max !== undefined && column.min > column.max) {
      report([...path, 'max'], 'COLUMN_WRONG', 'The largest value is below the smallest.')
    }
  }
}

function checkHanging({ hanging, modalities }: ProtocolDocument, report: Report): void {
  for (const modality of modalities) {
    if (!hanging[modality]) report(['hanging', modality], 'HANGING_MISSING', `${modality} has no window preset.`)
  }
}

function scaleIn(
  { features }: ProtocolDocument,
  modality: ProtocolDocument['modalities'][number],
  feature: (typeof FEATURES)[number],
): Scale | undefined {
  return features.find((question) => question.feature === feature)?.scales[modality]
}
