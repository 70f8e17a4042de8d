import type { XraySide } from './xray-side.ts'

export type XrayImage = {
  instanceId: string
  patientCode: string
  enrolmentNumber: number
  /** InstanceHeader of packages/dicom, as it was stored. */
  header: unknown
  side: (XraySide & { confirmedAt: string }) | null
}

export type XraySideStore = {
  /** X-ray images of the study in the order of import; `open` only those without a confirmed side. */
  images(
    studyId: string,
    page: { after: string | undefined; take: number; open: boolean },
  ): Promise<readonly XrayImage[]>
  counts(studyId: string): Promise<{ images: number; open: number }>
  find(studyId: string, instanceId: string): Promise<XrayImage | undefined>
  /** Insert-only: the latest counts. */
  confirm(studyId: string, instanceId: string, side: XraySide, confirmedBy: string): Promise<void>
}
