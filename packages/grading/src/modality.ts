import { z } from 'zod'

export const MODALITIES = ['xray', 'ct', 'mr'] as const
export const Modality = z.enum(MODALITIES)
export type Modality = z.infer<typeof Modality>

const OF_DICOM: Readonly<Record<string, Modality>> = { DX: 'xray', CR: 'xray', CT: 'ct', MR: 'mr' }

/** Modality of a DICOM code (0008,0060): DX and CR are X-ray. Undefined for every other code, which no reader grades. */
export function modalityOfDicom(code: string): Modality | undefined {
  return Object.hasOwn(OF_DICOM, code) ? OF_DICOM[code] : undefined
}
