import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { otherProtocol, shippedDocument, shippedProtocol } from '../test/protocols.ts'
import type { ContradictionCode } from './contradiction.ts'
import { checkProtocol, type ProtocolInput } from './protocol.ts'
import { askedFeatures, cutGradeOf, referenceModality, scaleOf } from './protocol-cells.ts'
import { requiredCells } from './required-cells.ts'

describe('the shipped protocol', () => {
  const protocol = shippedProtocol()

  test('is complete and does not contradict itself', () => {
    expect(checkProtocol(shippedDocument())).toMatchObject({ ok: true })
  })

  test('asks five features on CT and MR and three on X-ray, each with grades 0 to 3', () => {
    expect(askedFeatures(protocol, 'ct')).toEqual(['narrowing', 'hypertrophy', 'osteophytes', 'erosion', 'cyst'])
    expect(askedFeatures(protocol, 'mr')).toEqual(askedFeatures(protocol, 'ct'))
    expect(askedFeatures(protocol, 'xray')).toEqual(['narrowing', 'hypertrophy', 'osteophytes'])
    for (const modality of protocol.modalities) {
      for (const feature of askedFeatures(protocol, modality))
        expect(scaleOf(protocol, modality, feature)).toHaveLength(4)
    }
  })

  test('asks 50 cells of a CT case and 30 of an X-ray case', () => {
    expect(requiredCells(protocol, 'ct', protocol.levels)).toHaveLength(50)
    expect(requiredCells(protocol, 'xray', protocol.levels)).toHaveLength(30)
  })

  test('has a cut grade where a feature is asked, and null elsewhere, never zero', () => {
    expect(cutGradeOf(protocol, 'ct', 'cyst')).toBe(1)
    expect(cutGradeOf(protocol, 'xray', 'cyst')).toBeNull()
  })

  test('judges every modality by its own reference', () => {
    expect(protocol.modalities.map((modality) => referenceModality(protocol, modality))).toEqual(protocol.modalities)
  })

  test('survives being written and read again', () => {
    expect(checkProtocol(JSON.parse(JSON.stringify(protocol)))).toEqual({ ok: true, protocol })
  })
})

test('a second protocol with other scales, levels and a global grade is a protocol too', () => {
  const protocol = otherProtocol()
  expect(scaleOf(protocol, 'mr', 'cyst')).toHaveLength(2)
  expect(scaleOf(protocol, 'mr', 'erosion')).toHaveLength(3)
  expect(scaleOf(protocol, 'xray', 'narrowing')).toBeUndefined()
  // three levels, two sides, five features and the global grade, which MR does not ask
  expect(requiredCells(protocol, 'ct', protocol.levels)).toHaveLength(36)
  expect(requiredCells(protocol, 'mr', protocol.levels)).toHaveLength(30)
})

test('X-ray may be judged against CT, whose seniors then need not read X-ray', () => {
  const document = shippedDocument()
  const [junior, senior] = document.readerGroups
  if (!junior || !senior) throw new RangeError('two groups')
  const check = checkProtocol({
    ...document,
    referenceTargets: { xray: 'ct' },
    readerGroups: [junior, { ...senior, modalities: ['ct', 'mr'] }],
  })
  expect(check).toMatchObject({ ok: true })
  expect(check.ok && referenceModality(check.protocol, 'xray')).toBe('ct')
})

test('defaults: twenty cases apart, no hidden repeats, no copying', () => {
  const { spacing: _spacing, hiddenRepeatsShare: _share, copyFromOppositeSide: _copy, ...rest } = shippedDocument()
  expect(checkProtocol({ ...rest, spacing: {} })).toMatchObject({
    ok: true,
    protocol: {
      spacing: { casesBetweenSamePatient: 20, daysBetweenSamePatient: 0 },
      hiddenRepeatsShare: 0,
      copyFromOppositeSide: false,
    },
  })
})

type Spoilt = { code: ContradictionCode; path: string; spoil: (document: ProtocolInput) => void }

const SPOILT: readonly Spoilt[] = [
  { code: 'PERIOD_REVERSED', path: 'imagingPeriod.to', spoil: (d) => (d.imagingPeriod.to = '2018-12-31') },
  { code: 'DUPLICATE', path: 'levels.5', spoil: (d) => d.levels.push('L1L2') },
  { code: 'DUPLICATE', path: 'readerGroups.1', spoil: (d) => (second(d.readerGroups).codePrefix = 'J') },
  {
    code: 'GROUP_ROLES_OVERLAP',
    path: 'readerGroups.1',
    spoil: (d) => (second(d.readerGroups).name = 'junior'),
  },
  { code: 'GROUP_MISSING', path: 'readerGroups', spoil: (d) => (second(d.readerGroups).role = 'compared') },
  { code: 'GROUP_MISSING', path: 'readerGroups', spoil: (d) => d.readerGroups.shift() },
  {
    code: 'REFERENCE_UNREAD',
    path: 'readerGroups.1.modalities',
    spoil: (d) => (second(d.readerGroups).modalities = ['ct']),
  },
  { code: 'REFERENCE_UNREAD', path: 'readerGroups.1.parts', spoil: (d) => (second(d.readerGroups).parts = ['train']) },
  { code: 'MODALITY_UNKNOWN', path: 'features.0.scales.mr', spoil: (d) => (d.modalities = ['xray', 'ct']) },
  {
    code: 'MODALITY_UNASKED',
    path: 'modalities.0',
    spoil: (d) => d.features.forEach(({ scales }) => delete scales.xray),
  },
  {
    code: 'SEVERITY_TABLE_MISSING',
    path: 'severity.tables.ct.erosion',
    spoil: (d) => delete d.severity.tables.ct?.erosion,
  },
  {
    code: 'SEVERITY_TABLE_UNASKED',
    path: 'severity.tables.xray.erosion',
    spoil: (d) => Object.assign(d.severity.tables.xray ?? {}, { erosion: [0, 2, 3, 3] }),
  },
  {
    code: 'SEVERITY_TABLE_WRONG',
    path: 'severity.tables.mr.erosion',
    spoil: (d) => Object.assign(d.severity.tables.mr ?? {}, { erosion: [0, 3, 2, 3] }),
  },
  {
    code: 'SEVERITY_TABLE_WRONG',
    path: 'severity.tables.mr.erosion',
    spoil: (d) => Object.assign(d.severity.tables.mr ?? {}, { erosion: [0, 2, 3] }),
  },
  {
    code: 'SEVERITY_SWITCH_NEEDS_LEVELS',
    path: 'severity.smallestCystIsSevere',
    spoil: (d) => {
      d.severity.smallestCystIsSevere = false
      d.features[4]?.scales.ct?.splice(2)
    },
  },
  {
    code: 'CRITERION_CODE_WRONG',
    path: 'eligibility.criteria.3.code',
    spoil: (d) => Object.assign(d.eligibility.criteria[3] ?? {}, { code: 'I9' }),
  },
  {
    code: 'INCLUSION_MISSING',
    path: 'eligibility.criteria',
    spoil: (d) => (d.eligibility.criteria = d.eligibility.criteria.filter(({ kind }) => kind === 'exclusion')),
  },
  { code: 'RATIOS_NOT_100', path: 'split.ratios', spoil: (d) => (d.split.ratios.test = 20) },
  {
    code: 'TRAIN_EMPTY',
    path: 'split.ratios.train',
    spoil: (d) => (d.split.ratios = { train: 0, validation: 50, test: 50 }),
  },
  {
    code: 'STRATUM_WRONG',
    path: 'split.strata.3.column',
    spoil: (d) => d.split.strata.push({ by: 'column', column: 'height_cm' }),
  },
  {
    code: 'STRATUM_WRONG',
    path: 'split.strata.2.from',
    spoil: (d) => d.split.strata.splice(2, 1, { by: 'age', from: [65, 50] }),
  },
  { code: 'DISCORDANCE_MISSING', path: 'discordance.steps.cyst', spoil: (d) => delete d.discordance.steps.cyst },
  { code: 'DISCORDANCE_TOO_WIDE', path: 'discordance.steps.cyst', spoil: (d) => (d.discordance.steps.cyst = 4) },
  { code: 'ROUND_WRONG', path: 'rounds.0', spoil: (d) => Object.assign(d.rounds[0] ?? {}, { share: 10 }) },
  { code: 'ROUND_WRONG', path: 'rounds.0.kind', spoil: (d) => Object.assign(d.rounds[0] ?? {}, { kind: 'repeat' }) },
  { code: 'REFERENCE_TARGET_WRONG', path: 'referenceTargets.ct', spoil: (d) => (d.referenceTargets = { ct: 'ct' }) },
  {
    code: 'REFERENCE_TARGET_WRONG',
    path: 'referenceTargets.ct',
    spoil: (d) => (d.referenceTargets = { ct: 'xray' }),
  },
  { code: 'CUT_GRADE_MISSING', path: 'endpoints.cutGrades', spoil: (d) => d.endpoints.cutGrades.pop() },
  {
    code: 'CUT_GRADE_UNASKED',
    path: 'endpoints.cutGrades.16',
    spoil: (d) => d.endpoints.cutGrades.push({ modality: 'xray', feature: 'cyst', cutGrade: 1 }),
  },
  {
    code: 'CUT_GRADE_OFF_SCALE',
    path: 'endpoints.cutGrades.0.cutGrade',
    spoil: (d) => Object.assign(d.endpoints.cutGrades[0] ?? {}, { cutGrade: 4 }),
  },
  { code: 'METRIC_TWICE', path: 'endpoints.secondary', spoil: (d) => d.endpoints.secondary.push('auc') },
  {
    code: 'COLUMN_WRONG',
    path: 'clinicalColumns.0.name',
    spoil: (d) => Object.assign(d.clinicalColumns[0] ?? {}, { name: 'sex' }),
  },
  { code: 'HANGING_MISSING', path: 'hanging.mr', spoil: (d) => delete d.hanging.mr },
]

test.each(SPOILT)('$code at $path is refused with one sentence', ({ code, path, spoil }) => {
  const document = shippedDocument()
  spoil(document)
  const check = checkProtocol(document)
  expect(check.ok ? [] : check.problems).toContainEqual({ code, path, message: expect.stringMatching(/^[^\n]+\.$/) })
})

test('a key that the format does not have is refused by name', () => {
  const check = checkProtocol({ ...shippedDocument(), sampleSise: 700 })
  expect(check.ok ? [] : check.problems).toEqual([
    { path: '', code: 'UNRECOGNIZED_KEYS', message: expect.stringContaining('sampleSise') },
  ])
})

test('a field that is missing anywhere is refused with its path', () => {
  const document = shippedDocument()
  Reflect.deleteProperty(document.features[0]?.label ?? {}, 'zh')
  const check = checkProtocol(document)
  expect(check.ok ? [] : check.problems).toMatchObject([{ path: 'features.0.label.zh' }])
})

test('the check answers and never throws, whatever JSON it is given', () => {
  const spoilt = fc
    .tuple(fc.constantFrom(...Object.keys(shippedDocument())), fc.jsonValue())
    .map(([key, value]) => ({ ...shippedDocument(), [key]: value }))
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), spoilt), (json) => {
      const check = checkProtocol(json)
      expect(check.ok || check.problems.length > 0).toBe(true)
    }),
  )
})

function second<T>(list: readonly T[]): T {
  const [, item] = list
  if (item === undefined) throw new RangeError('no second item')
  return item
}
