import { type DicomElement, writeDicom } from '@facetgrade/dicom/write-dicom'
import type { CellValue } from '@facetgrade/grading/cell'
import { featureLabel } from '@facetgrade/grading/codebook'
import type { CellFeature } from '@facetgrade/grading/feature'
import type { Modality } from '@facetgrade/grading/modality'
import type { Protocol } from '@facetgrade/grading/protocol'
import { scaleOf } from '@facetgrade/grading/protocol-cells'
import { LEVEL_LABELS, REASON_LABELS, STATE_LABELS } from '@facetgrade/grading/value-labels'
import { derivedUid } from './derived-uid.ts'
import type { ExportReading, ExportSource } from './export-reading.ts'
import { type JointCells, jointCells } from './joint-cells.ts'
import { KIND_TEXT } from './table.ts'

const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33'
/** The study's own codes: features, grades, levels, states. */
export const OWN_SCHEME = '99FACETGRADE'

/** A code of DICOM's triplet: value, scheme, meaning. */
type Code = readonly [value: string, scheme: string, meaning: string]

const LANGUAGE: Code = ['121049', 'DCM', 'Language of Content Item and Descendants']
const PROCEDURE: Readonly<Record<Modality, Code>> = {
  xray: ['168537006', 'SCT', 'Plain radiography'],
  ct: ['77477000', 'SCT', 'Computed tomography'],
  mr: ['113091000', 'SCT', 'Magnetic resonance imaging'],
}
const SIDE: Readonly<Record<'left' | 'right', Code>> = {
  left: ['7771000', 'SCT', 'Left'],
  right: ['24028007', 'SCT', 'Right'],
}

/**
 * One signed reading as a DICOM Comprehensive SR after TID 1500 "Measurement Report": the observer context belongs to the
 * document root, so one report is one reader's. Each joint is a Measurement Group (TID 1501) with tracking identifier
 * `L4L5-right`, finding site lumbar spine with the level as topographical modifier and the coded laterality; each feature
 * a qualitative evaluation whose value is the coded grade, or "not assessable" with its reason. Drafts have no report.
 *
 * @throws {RangeError} a draft, or a grade that the protocol's scale does not have
 * @see DICOM PS3.16 TID 1500, 1501, 1002, 1204; PS3.3 A.35.3
 */
export function structuredReport(
  reading: ExportReading,
  { source, protocol }: { source: ExportSource; protocol: Protocol },
): Uint8Array<ArrayBuffer> {
  const { signedAt } = reading
  if (signedAt === null) throw new RangeError('structuredReport: the reading is a draft')
  const groups = jointCells(reading).map((joint) => measurementGroup({ reading, source, protocol }, joint))
  return writeDicom([
    ...header(reading, { source, signedAt }),
    text(0x0040a040, 'CS', 'CONTAINER'),
    sequence(0x0040a043, [code(['126000', 'DCM', 'Imaging Measurement Report'])]),
    text(0x0040a050, 'CS', 'SEPARATE'),
    sequence(0x0040a504, [[text(0x00080105, 'CS', 'DCMR'), text(0x0040db00, 'CS', '1500')]]),
    sequence(0x0040a730, [
      coded('HAS CONCEPT MOD', LANGUAGE, ['en', 'RFC5646', 'English']),
      coded('HAS OBS CONTEXT', ['121005', 'DCM', 'Observer Type'], ['121006', 'DCM', 'Person']),
      [
        ...item('HAS OBS CONTEXT', 'PNAME', ['121008', 'DCM', 'Person Observer Name']),
        text(0x0040a123, 'PN', observerName(reading.reader)),
      ],
      coded('HAS CONCEPT MOD', ['121058', 'DCM', 'Procedure reported'], PROCEDURE[reading.modality]),
      [
        ...item('CONTAINS', 'CONTAINER', ['126010', 'DCM', 'Imaging Measurements']),
        text(0x0040a050, 'CS', 'SEPARATE'),
        sequence(0x0040a730, groups),
      ],
    ]),
  ])
}

/** File name of a reading's report in the bundle. */
export const reportName = ({ patientCode, modality, round, reader }: ExportReading): string =>
  `${patientCode}/${modality}/${round}-${reader}.dcm`

type Report = { reading: ExportReading; source: ExportSource; protocol: Protocol }

function measurementGroup({ reading, source, protocol }: Report, joint: JointCells): DicomElement[] {
  const { level, side, id, cells } = joint
  const { patientCode, modality } = reading
  const site: DicomElement[] = [
    ...coded('HAS CONCEPT MOD', ['363698007', 'SCT', 'Finding Site'], ['122496007', 'SCT', 'Lumbar spine']),
    sequence(0x0040a730, [
      coded('HAS CONCEPT MOD', ['272741003', 'SCT', 'Laterality'], SIDE[side]),
      coded(
        'HAS CONCEPT MOD',
        ['106233006', 'SCT', 'Topographical modifier'],
        own(level, `Facet joint ${LEVEL_LABELS[level].en}`),
      ),
    ]),
  ]
  return [
    ...item('CONTAINS', 'CONTAINER', ['125007', 'DCM', 'Measurement Group']),
    text(0x0040a050, 'CS', 'SEPARATE'),
    sequence(0x0040a504, [[text(0x00080105, 'CS', 'DCMR'), text(0x0040db00, 'CS', '1501')]]),
    sequence(0x0040a730, [
      [...item('HAS OBS CONTEXT', 'TEXT', ['112039', 'DCM', 'Tracking Identifier']), text(0x0040a160, 'UT', id)],
      [
        ...item('HAS OBS CONTEXT', 'UIDREF', ['112040', 'DCM', 'Tracking Unique Identifier']),
        text(0x0040a124, 'UI', derivedUid(`joint/${source.studyCode}/${patientCode}/${id}`)),
      ],
      site,
      ...cells.flatMap(({ feature, value }) => evaluation({ protocol, modality }, feature, value)),
    ]),
  ]
}

function evaluation(
  { protocol, modality }: { protocol: Protocol; modality: Modality },
  feature: CellFeature,
  value: CellValue,
): DicomElement[][] {
  if (value.kind === 'not_graded' || value.kind === 'not_applicable') return []
  const concept = own(feature, featureLabel(protocol, feature).en)
  if (value.kind === 'graded') {
    const level = scaleOf(protocol, modality, feature)?.[value.grade]
    if (!level) throw new RangeError(`structuredReport: ${feature} has no grade ${value.grade}`)
    const grade = own(`${feature}-${modality}-${value.grade}`, `Grade ${value.grade}: ${level.label.en}`)
    return [coded('CONTAINS', concept, grade)]
  }
  const { reason } = value
  const words: DicomElement[][] =
    reason.code === 'other'
      ? [
          [
            ...item('HAS PROPERTIES', 'TEXT', own('reason_text', "Reader's own words")),
            text(0x0040a160, 'UT', reason.text),
          ],
        ]
      : []
  return [
    [
      ...coded('CONTAINS', concept, own('not_assessable', STATE_LABELS.not_assessable.en)),
      sequence(0x0040a730, [
        coded(
          'HAS PROPERTIES',
          own('reason', 'Why it is not assessable'),
          own(`reason-${reason.code}`, REASON_LABELS[reason.code].en),
        ),
        ...words,
      ]),
    ],
  ]
}

function header(
  reading: ExportReading,
  { source, signedAt }: { source: ExportSource; signedAt: string },
): DicomElement[] {
  const { studyCode, software, kind } = source
  const { patientCode, exam, reader, modality, round } = reading
  const key = `${studyCode}/${patientCode}/${modality}/${round}/${reader}`
  const about = kind === 'real' ? '' : `${kind.toUpperCase()}: ${KIND_TEXT[kind].en}`
  return [
    text(0x00080005, 'CS', 'ISO_IR 192'),
    text(0x00080016, 'UI', COMPREHENSIVE_SR),
    text(0x00080018, 'UI', derivedUid(`report/${key}/${signedAt}`)),
    text(0x00080020, 'DA', (exam.shiftedDate ?? '').replaceAll('-', '')),
    text(0x00080023, 'DA', day(signedAt)),
    text(0x00080030, 'TM', ''),
    text(0x00080033, 'TM', time(signedAt)),
    text(0x00080050, 'SH', ''),
    text(0x00080060, 'CS', 'SR'),
    text(0x00080070, 'LO', software.name),
    text(0x00080090, 'PN', ''),
    sequence(0x00080110, [
      [
        text(0x00080102, 'SH', OWN_SCHEME),
        text(0x00080115, 'ST', `Codes of the study ${studyCode}; see codebook.csv of the bundle`),
      ],
    ]),
    ...(about === '' ? [] : [text(0x00081030, 'LO', about.slice(0, 64))]),
    text(
      0x0008103e,
      'LO',
      `${about === '' ? '' : `${kind.toUpperCase()} `}Facet joint grades, ${round} round`.slice(0, 64),
    ),
    text(0x00081090, 'LO', software.name),
    sequence(0x00081111, []),
    text(0x00100010, 'PN', kind === 'real' ? '' : `${kind.toUpperCase()}^`),
    text(0x00100020, 'LO', patientCode),
    text(0x00100030, 'DA', ''),
    text(0x00100040, 'CS', reading.sex === 'M' || reading.sex === 'F' ? reading.sex : ''),
    // PS3.3 C.7.1.1: a phantom is a quality control subject and no patient.
    ...(kind === 'real' ? [] : [text(0x00100200, 'CS', 'YES')]),
    text(0x00120010, 'LO', software.name),
    text(0x00120020, 'LO', studyCode),
    text(0x00120021, 'LO', about.slice(0, 64)),
    text(0x00120030, 'LO', ''),
    text(0x00120031, 'LO', ''),
    text(0x00120040, 'LO', patientCode),
    text(0x00120062, 'CS', 'YES'),
    text(0x00120063, 'LO', 'Keyed pseudonyms; see the study protocol'),
    text(0x00181020, 'LO', software.version),
    text(0x0020000d, 'UI', exam.studyInstanceUid),
    text(0x0020000e, 'UI', derivedUid(`reports/${key}`)),
    text(0x00200010, 'SH', ''),
    text(0x00200011, 'IS', '1'),
    text(0x00200013, 'IS', '1'),
    sequence(0x0040a073, [
      [
        text(0x0040a027, 'LO', studyCode),
        text(0x0040a030, 'DT', day(signedAt) + time(signedAt)),
        text(0x0040a075, 'PN', observerName(reader)),
        sequence(0x0040a088, []),
      ],
    ]),
    sequence(0x0040a372, []),
    text(0x0040a491, 'CS', 'COMPLETE'),
    text(0x0040a493, 'CS', 'VERIFIED'),
  ]
}

const day = (instant: string): string => instant.slice(0, 10).replaceAll('-', '')
const time = (instant: string): string => instant.slice(11, 19).replaceAll(':', '')
const own = (value: string, meaning: string): Code => [value, OWN_SCHEME, meaning]

type TextVr = Extract<DicomElement, { text: string }>['vr']
const text = (tag: number, vr: TextVr, value: string): DicomElement => ({ tag, vr, text: value })
const sequence = (tag: number, items: readonly (readonly DicomElement[])[]): DicomElement => ({ tag, vr: 'SQ', items })

/** PS3.3 Table 8.8-1. A code of more than 16 characters is a Long Code Value; a meaning ends at 64 characters. */
const code = ([value, scheme, meaning]: Code): DicomElement[] => [
  value.length > 16 ? text(0x00080119, 'UC', value) : text(0x00080100, 'SH', value),
  text(0x00080102, 'SH', scheme),
  text(0x00080104, 'LO', meaning.slice(0, 64)),
]

const item = (relation: string, type: string, name: Code): DicomElement[] => [
  text(0x0040a010, 'CS', relation),
  text(0x0040a040, 'CS', type),
  sequence(0x0040a043, [code(name)]),
]

const coded = (relation: string, name: Code, value: Code): DicomElement[] => [
  ...item(relation, 'CODE', name),
  sequence(0x0040a168, [code(value)]),
]

/** A person's name by its components (PS3.5 §6.2.1.1), made of a code: readers have no names here. */
const observerName = (reader: string): string => `Reader^${reader}`
