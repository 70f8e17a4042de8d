import type { CellValue } from '@facetgrade/grading/cell'
import { codebook, featureLabel } from '@facetgrade/grading/codebook'
import type { CellFeature } from '@facetgrade/grading/feature'
import type { Modality } from '@facetgrade/grading/modality'
import type { Protocol } from '@facetgrade/grading/protocol'
import { askedFeatures } from '@facetgrade/grading/protocol-cells'
import type { Text } from '@facetgrade/grading/protocol-text'
import {
  LEVEL_LABELS,
  MODALITY_LABELS,
  REASON_LABELS,
  SIDE_LABELS,
  STATE_LABELS,
} from '@facetgrade/grading/value-labels'
import { type ByteSink, utf8 } from './byte-sink.ts'
import type { ExportReading, ExportSource } from './export-reading.ts'
import { jointCells } from './joint-cells.ts'
import { KIND_TEXT } from './table.ts'
import { xml } from './xml.ts'

type Versioned = { readonly version: number; readonly protocol: Protocol }
export type OdmStudy = {
  readonly source: ExportSource
  /** Every protocol version under which a reading was made, ascending. */
  readonly protocols: readonly Versioned[]
  readonly readers: readonly { readonly code: string; readonly group: string }[]
}

export type OdmWriter = {
  /** Readings of one patient. */
  subject(patientCode: string, readings: readonly ExportReading[]): Promise<void>
  end(): Promise<void>
}

/**
 * CDISC ODM 1.3.2, a snapshot of the grades: a round is a StudyEvent, a modality a Form that repeats by reader, a joint
 * an ItemGroup that repeats by `L4L5-right`. A cell without a grade is `IsNull` and says why in its state item; a
 * signature that stands is a Signature of its form.
 *
 * @see https://www.cdisc.org/standards/data-exchange/odm-xml
 */
export function odmWriter(study: OdmStudy, sink: ByteSink): OdmWriter {
  const scopes = study.protocols.map(({ version, protocol }) => ({ version, asked: askedOf(protocol) }))
  let openVersion: number | undefined
  let isBegun = false
  const begin = (): string => {
    if (isBegun) return ''
    isBegun = true
    return head(study)
  }
  const turnTo = (version: number): string => {
    if (version === openVersion) return ''
    const close = openVersion === undefined ? '' : '</ClinicalData>'
    openVersion = version
    return `${close}<ClinicalData StudyOID="${studyOid(study)}" MetaDataVersionOID="MDV.${version}">`
  }
  return {
    async subject(patientCode, readings) {
      let text = begin()
      for (const { version, asked } of scopes) {
        const own = readings.filter(({ protocolVersion }) => protocolVersion === version)
        if (own.length === 0) continue
        const events = Map.groupBy(own, ({ round }) => round)
        const content = Array.from(events, ([round, forms]) => {
          const data = forms.map((reading) => form(reading, asked[reading.modality])).join('')
          return `<StudyEventData StudyEventOID="SE.${round}">${data}</StudyEventData>`
        })
        text += `${turnTo(version)}<SubjectData SubjectKey="${xml(patientCode)}">${content.join('')}</SubjectData>\n`
      }
      await sink.write(utf8(text))
    },
    async end() {
      const close = openVersion === undefined ? '' : '</ClinicalData>'
      await sink.write(utf8(`${begin()}${close}</ODM>\n`))
    },
  }
}

type Asked = Readonly<Partial<Record<Modality, ReadonlySet<CellFeature>>>>
const askedOf = (protocol: Protocol): Asked =>
  Object.fromEntries(protocol.modalities.map((modality) => [modality, new Set(askedFeatures(protocol, modality))]))

const studyOid = ({ source }: OdmStudy): string => `S.${source.studyCode}`

function head(study: OdmStudy): string {
  const { source, protocols } = study
  const { software, asOf, kind } = source
  const about = KIND_TEXT[kind].en
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" ODMVersion="1.3.2" FileType="Snapshot" Granularity="AllClinicalData" FileOID="${xml(`${source.studyCode}.${asOf}`)}" CreationDateTime="${asOf}" AsOfDateTime="${asOf}" SourceSystem="${xml(software.name)}" SourceSystemVersion="${xml(software.version)}" Description="${xml(`${kind}: ${about}`)}">`,
    `<Study OID="${studyOid(study)}"><GlobalVariables><StudyName>${xml(source.studyCode)}</StudyName><StudyDescription>${xml(`[${kind}: ${about}] ${source.studyTitle}`)}</StudyDescription><ProtocolName>${xml(source.studyCode)}</ProtocolName></GlobalVariables>`,
    ...protocols.map(metaData),
    '</Study>',
    adminData(study),
    '',
  ].join('\n')
}

function adminData(study: OdmStudy): string {
  const users = study.readers.map(
    ({ code, group }) =>
      `<User OID="U.${code}" UserType="Investigator"><DisplayName>${xml(`${code} (${group})`)}</DisplayName></User>`,
  )
  const version = study.protocols.at(-1)?.version ?? 1
  const location = `<Location OID="L.study" Name="${xml(study.source.studyCode)}" LocationType="Other"><MetaDataVersionRef StudyOID="${studyOid(study)}" MetaDataVersionOID="MDV.${version}" EffectiveDate="${study.source.asOf.slice(0, 10)}"/></Location>`
  const signature =
    '<SignatureDef OID="SIG.reading" Methodology="Electronic"><Meaning>The reader has read this case alone and stands by these grades</Meaning><LegalReason>Signed with re-authentication; a later unlock voids it</LegalReason></SignatureDef>'
  return `<AdminData StudyOID="${studyOid(study)}">${users.join('')}${location}${signature}</AdminData>`
}

const translated = ({ en, zh }: Text): string =>
  `<TranslatedText xml:lang="en">${xml(en)}</TranslatedText><TranslatedText xml:lang="zh">${xml(zh)}</TranslatedText>`

function metaData({ version, protocol }: Versioned): string {
  const events = protocol.rounds.map(
    ({ name }, index) => `<StudyEventRef StudyEventOID="SE.${name}" OrderNumber="${index + 1}" Mandatory="No"/>`,
  )
  const eventDefs = protocol.rounds.map(({ name, label }) => {
    const forms = protocol.modalities.map((modality) => `<FormRef FormOID="F.${modality}" Mandatory="No"/>`).join('')
    return `<StudyEventDef OID="SE.${name}" Name="${xml(label.en)}" Repeating="No" Type="Scheduled">${forms}</StudyEventDef>`
  })
  const forms = protocol.modalities.map(
    (modality) =>
      `<FormDef OID="F.${modality}" Name="${xml(MODALITY_LABELS[modality].en)}" Repeating="Yes"><ItemGroupRef ItemGroupOID="IG.${modality}" Mandatory="No"/></FormDef>`,
  )
  const items = protocol.modalities.flatMap((modality) =>
    askedFeatures(protocol, modality).flatMap((feature) => itemsOf(protocol, modality, feature)),
  )
  const groups = protocol.modalities.map((modality) => {
    const refs = [
      '<ItemRef ItemOID="I.level" Mandatory="Yes"/><ItemRef ItemOID="I.side" Mandatory="Yes"/>',
      ...askedFeatures(protocol, modality).flatMap((feature) =>
        ITEM_PARTS.map((part) => `<ItemRef ItemOID="I.${modality}.${feature}${part}" Mandatory="No"/>`),
      ),
    ]
    return `<ItemGroupDef OID="IG.${modality}" Name="Joint, ${xml(MODALITY_LABELS[modality].en)}" Repeating="Yes">${refs.join('')}</ItemGroupDef>`
  })
  return [
    `<MetaDataVersion OID="MDV.${version}" Name="Protocol version ${version}" Description="${xml(protocol.title.en)}">`,
    `<Protocol>${events.join('')}</Protocol>`,
    ...eventDefs,
    ...forms,
    ...groups,
    itemDef({ oid: 'I.level', type: 'text', length: 4, label: { en: 'Level', zh: '节段' }, list: 'CL.level' }),
    itemDef({
      oid: 'I.side',
      type: 'text',
      length: 5,
      label: { en: "Side, the patient's own", zh: '侧别（患者自身左右）' },
      list: 'CL.side',
    }),
    ...items.map(itemDef),
    codeList('CL.level', 'text', Object.entries(LEVEL_LABELS)),
    codeList('CL.side', 'text', Object.entries(SIDE_LABELS)),
    codeList('CL.state', 'text', Object.entries(STATE_LABELS)),
    codeList('CL.reason', 'text', Object.entries(REASON_LABELS)),
    ...codebook(protocol, version).grades.map(({ modality, feature, values }) =>
      codeList(
        `CL.${modality}.${feature}`,
        'integer',
        values.map(({ value, label }) => [value, label]),
      ),
    ),
    '</MetaDataVersion>',
  ].join('\n')
}

/** The grade itself, then why there is none. */
const ITEM_PARTS = ['', '.state', '.reason', '.reason_text'] as const

type Item = { oid: string; type: 'text' | 'integer'; length: number; label: Text; list?: string }

function itemsOf(protocol: Protocol, modality: Modality, feature: CellFeature): Item[] {
  const oid = `I.${modality}.${feature}`
  const label = featureLabel(protocol, feature)
  const more = (en: string, zh: string): Text => ({ en: `${label.en}: ${en}`, zh: `${label.zh}：${zh}` })
  return [
    { oid, type: 'integer', length: 1, label, list: `CL.${modality}.${feature}` },
    { oid: `${oid}.state`, type: 'text', length: 14, label: more('state', '状态'), list: 'CL.state' },
    {
      oid: `${oid}.reason`,
      type: 'text',
      length: 12,
      label: more('why not assessable', '无法评估的原因'),
      list: 'CL.reason',
    },
    { oid: `${oid}.reason_text`, type: 'text', length: 2000, label: more("reader's own words", '阅片者说明') },
  ]
}

function itemDef({ oid, type, length, label, list }: Item): string {
  const codes = list === undefined ? '' : `<CodeListRef CodeListOID="${list}"/>`
  return `<ItemDef OID="${oid}" Name="${xml(oid.slice(2))}" DataType="${type}" Length="${length}"><Question>${translated(label)}</Question>${codes}</ItemDef>`
}

function codeList(oid: string, type: 'text' | 'integer', values: readonly (readonly [string, Text])[]): string {
  const items = values.map(
    ([value, label]) => `<CodeListItem CodedValue="${xml(value)}"><Decode>${translated(label)}</Decode></CodeListItem>`,
  )
  return `<CodeList OID="${oid}" Name="${oid.slice(3)}" DataType="${type}">${items.join('')}</CodeList>`
}

function form(reading: ExportReading, asked: ReadonlySet<CellFeature> | undefined): string {
  if (!asked) throw new RangeError(`odm: the protocol of ${reading.patientCode} has no ${reading.modality}`)
  const { modality, reader, openedAt, signedAt } = reading
  const who = `<UserRef UserOID="U.${reader}"/><LocationRef LocationOID="L.study"/>`
  const audit = `<AuditRecord>${who}<DateTimeStamp>${openedAt}</DateTimeStamp></AuditRecord>`
  const signature =
    signedAt === null
      ? ''
      : `<Signature>${who}<SignatureRef SignatureOID="SIG.reading"/><DateTimeStamp>${signedAt}</DateTimeStamp></Signature>`
  const groups = jointCells(reading).map(({ id, level, side, cells }) => {
    const items = cells.map(({ feature, value }) => itemData(`I.${modality}.${feature}`, value)).join('')
    return `<ItemGroupData ItemGroupOID="IG.${modality}" ItemGroupRepeatKey="${id}">${item('I.level', level)}${item('I.side', side)}${items}</ItemGroupData>`
  })
  return `<FormData FormOID="F.${modality}" FormRepeatKey="${reader}">${audit}${signature}${groups.join('')}</FormData>`
}

const item = (oid: string, value: string): string => `<ItemData ItemOID="${oid}" Value="${xml(value)}"/>`

function itemData(oid: string, value: CellValue): string {
  const state = item(`${oid}.state`, value.kind)
  if (value.kind === 'graded') return item(oid, String(value.grade)) + state
  const none = `<ItemData ItemOID="${oid}" IsNull="Yes"/>${state}`
  if (value.kind !== 'not_assessable') return none
  const { reason } = value
  const words = reason.code === 'other' ? item(`${oid}.reason_text`, reason.text) : ''
  return `${none}${item(`${oid}.reason`, reason.code)}${words}`
}
