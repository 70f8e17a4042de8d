import { z } from 'zod'
import { CellFeature } from './feature.ts'
import { Modality } from './modality.ts'
import type { Protocol } from './protocol.ts'
import { askedFeatures, scaleOf } from './protocol-cells.ts'
import { Text } from './protocol-text.ts'
import {
  LEVEL_LABELS,
  MODALITY_LABELS,
  PART_LABELS,
  REASON_LABELS,
  SEVERITY_LABEL,
  SIDE_LABELS,
  STATE_LABELS,
} from './value-labels.ts'

const LabelledValue = z.strictObject({ value: z.string(), label: Text, definition: Text.optional() })
const CodedColumn = z.strictObject({ column: z.string(), label: Text, values: z.array(LabelledValue) })
export type CodedColumn = z.infer<typeof CodedColumn>

/** What an export's codes mean: one list for each coded column, and what `grade` means for each modality and feature. */
export const Codebook = z.strictObject({
  registryId: z.string().nullable(),
  title: Text,
  protocolVersion: z.int().positive(),
  scheme: z.strictObject({ name: z.string(), version: z.string(), text: Text, citation: z.string() }),
  columns: z.array(CodedColumn),
  grades: z.array(
    z.strictObject({ modality: Modality, feature: CellFeature, label: Text, values: z.array(LabelledValue) }),
  ),
})
export type Codebook = z.infer<typeof Codebook>

/** The codebook of exports made under one protocol version; its value labels serve R, SAS and SPSS alike. */
export function codebook(protocol: Protocol, protocolVersion: number): Codebook {
  const { name, version, text, citation } = protocol.severity.scheme
  return {
    registryId: protocol.registryId,
    title: protocol.title,
    protocolVersion,
    scheme: { name, version, text, citation },
    columns: [
      coded('modality', { en: 'Modality', zh: '检查方式' }, MODALITY_LABELS),
      coded('level', { en: 'Level', zh: '节段' }, LEVEL_LABELS),
      coded('side', { en: "Side, the patient's own", zh: '侧别（患者自身左右）' }, SIDE_LABELS),
      coded('feature', { en: 'Feature', zh: '征象' }, featureLabels(protocol)),
      coded('part', { en: 'Part of the split', zh: '数据划分' }, PART_LABELS),
      coded('state', { en: 'State of the cell', zh: '单元格状态' }, STATE_LABELS),
      coded('reason', { en: 'Why it is not assessable', zh: '无法评估的原因' }, REASON_LABELS),
      ...protocol.clinicalColumns.flatMap((column): CodedColumn[] =>
        column.type === 'code'
          ? [
              {
                column: column.name,
                label: column.label,
                values: column.codes.map(({ code, label }) => ({ value: code, label })),
              },
            ]
          : [],
      ),
    ],
    grades: protocol.modalities.flatMap((modality) =>
      askedFeatures(protocol, modality).map((feature) => ({
        modality,
        feature,
        label: featureLabel(protocol, feature),
        values: (scaleOf(protocol, modality, feature) ?? []).map((level, grade) => ({
          value: String(grade),
          ...level,
        })),
      })),
    ),
  }
}

/** The protocol's own name of a feature. */
export function featureLabel(protocol: Protocol, feature: CellFeature): Text {
  if (feature === 'severity') return protocol.globalGrade?.label ?? SEVERITY_LABEL
  return protocol.features.find((question) => question.feature === feature)?.label ?? { en: feature, zh: feature }
}

function featureLabels(protocol: Protocol): Record<string, Text> {
  return Object.fromEntries(CellFeature.options.map((feature) => [feature, featureLabel(protocol, feature)]))
}

function coded(column: string, label: Text, labels: Readonly<Record<string, Text>>): CodedColumn {
  return { column, label, values: Object.entries(labels).map(([value, meaning]) => ({ value, label: meaning })) }
}
