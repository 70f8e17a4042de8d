import type { EvaluationComparator, EvaluationDocument } from '@facetgrade/evaluation/evaluation-document'
import type { EvaluationRow } from '@facetgrade/evaluation/evaluation-row'
import { featureLabel } from '@facetgrade/grading/codebook'
import type { CellFeature } from '@facetgrade/grading/feature'
import { Level, parseJointId, Side } from '@facetgrade/grading/joint'
import type { Modality } from '@facetgrade/grading/modality'
import type { Part } from '@facetgrade/grading/part'
import type { Protocol } from '@facetgrade/grading/protocol'
import { LEVEL_LABELS, MODALITY_LABELS, PART_LABELS, SIDE_LABELS } from '@facetgrade/grading/value-labels'
import { type Language, type Words, wordsIn } from './language.ts'

const PANEL = 'panel:'

/** Codes of an evaluation in a language: features and groups by the protocol's own labels. */
export type Labels = {
  readonly language: Language
  readonly words: Words
  readonly modality: (modality: Modality) => string
  readonly feature: (feature: CellFeature) => string
  readonly level: (level: Level) => string
  readonly side: (side: Side) => string
  readonly part: (part: Part) => string
  /** A reader code, a consensus, a model, `J1+J2`, `panel:junior`, `reference`. */
  readonly rater: (code: string) => string
  readonly subgroup: (subgroup: NonNullable<EvaluationRow['subgroup']>) => string
}

export function labelsOf(
  { comparators }: Pick<EvaluationDocument, 'comparators'>,
  protocol: Protocol,
  language: Language,
): Labels {
  const words = wordsIn(language)
  const groupLabel = (name: string): string =>
    protocol.readerGroups.find((group) => group.name === name)?.label[language] ?? name
  const roundLabel = (name: string): string =>
    protocol.rounds.find((round) => round.name === name)?.label[language] ?? name
  const byCode = new Map(comparators.map((comparator) => [comparator.code, comparator]))
  const rater = (code: string): string => {
    if (code === 'reference') return words.reference
    if (code.startsWith(PANEL)) {
      const [group = '', round] = code.slice(PANEL.length).split('~')
      const panel = words.panelOf(group === 'all' ? words.allReaders : groupLabel(group))
      return round === undefined ? panel : words.aided(panel, roundLabel(round))
    }
    if (code.includes('+')) return code.split('+').map(rater).join(' – ')
    const known = byCode.get(code)
    if (known) return raterLabel(known)
    const [reader = code, round] = code.split('~')
    return round === undefined ? code : words.aided(reader, roundLabel(round))
  }
  const raterLabel = ({ kind, code, round }: EvaluationComparator): string => {
    switch (kind) {
      case 'model':
        return comparators.filter((one) => one.kind === 'model').length > 1 ? words.modelNamed(code) : words.model
      case 'consensus':
        return words.consensusOf(groupLabel(code))
      case 'aided_reader':
        return words.aided(code.split('~')[0] ?? code, roundLabel(round ?? ''))
      default:
        return code
    }
  }
  const level = (value: Level): string => LEVEL_LABELS[value][language]
  const side = (value: Side): string => SIDE_LABELS[value][language]
  const subgroup = ({ by, value }: NonNullable<EvaluationRow['subgroup']>): string => {
    if (value === null) return words.subgroupBy[by]
    if (by === 'level') return isLevel(value) ? level(value) : value
    if (by === 'side') return isSide(value) ? side(value) : value
    if (by === 'joint') {
      const joint = parseJointId(value)
      return `${level(joint.level)} ${side(joint.side)}`
    }
    if (by === 'sex') return words.sex[value] ?? value
    return value.replace('>=', '≥ ').replace(/^</, '< ').replace('-', '–')
  }
  return {
    language,
    words,
    modality: (modality) => MODALITY_LABELS[modality][language],
    feature: (feature) => featureLabel(protocol, feature)[language],
    level,
    side,
    part: (part) => PART_LABELS[part][language],
    rater,
    subgroup,
  }
}

const isLevel = (value: string): value is Level => Level.safeParse(value).success
const isSide = (value: string): value is Side => Side.safeParse(value).success
