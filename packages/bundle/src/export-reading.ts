import type { CellKey, CellValue } from '@facetgrade/grading/cell'
import type { Modality } from '@facetgrade/grading/modality'

/** A reading as ODM and SR tell it: one case by one reader, the whole form. Instants are ISO 8601, UTC. */
export type ExportReading = {
  readonly patientCode: string
  readonly modality: Modality
  readonly round: string
  /** A reader's code, masked where the bundle is blinded. */
  readonly reader: string
  readonly readerGroup: string
  readonly protocolVersion: number
  readonly openedAt: string
  /** When the signature that stands was given; null: draft. */
  readonly signedAt: string | null
  readonly cells: readonly { readonly cell: CellKey; readonly value: CellValue }[]
  /** The pseudonymised exam that was read. */
  readonly exam: { readonly studyInstanceUid: string; readonly shiftedDate: string | null }
  /** M or F; null: not recorded. */
  readonly sex: string | null
}

/** What every document of a bundle says about where it comes from. */
export type ExportSource = {
  readonly studyCode: string
  readonly studyTitle: string
  readonly kind: 'real' | 'demo' | 'synthetic'
  /** Name and version of this software. */
  readonly software: { readonly name: string; readonly version: string }
  /** The latest instant in the data: the same data give the same document. */
  readonly asOf: string
}
