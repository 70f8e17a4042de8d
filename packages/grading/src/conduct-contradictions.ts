import type { Check, Report } from './contradiction.ts'
import type { ProtocolDocument } from './protocol-document.ts'

/** What must hold of the study's conduct: period, eligibility, split, readers, rounds, clinical table, hanging. */
export const CONDUCT_CHECKS: readonly Check[] = [
  checkPeriod,
  checkUniqueness,
  checkEligibility,
  checkSplit,
  checkReaderGroups,
  checkRounds,
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
