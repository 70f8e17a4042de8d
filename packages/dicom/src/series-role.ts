import type { InstanceHeader } from './instance-header.ts'
import type { SeriesStack } from './series-judgement.ts'

const VIEW_OF_POSITION: Readonly<Record<string, string>> = {
  AP: 'ap',
  PA: 'pa',
  LL: 'lateral',
  RL: 'lateral',
  LAT: 'lateral',
  LLD: 'lateral',
  RLD: 'lateral',
  LLO: 'oblique',
  RLO: 'oblique',
  LPO: 'oblique',
  RPO: 'oblique',
  LAO: 'oblique',
  RAO: 'oblique',
  OBL: 'oblique',
}

/** Kernels that makers name for bone: B60 and above, Br/Hr/Bl 56 and above, BONE, EDGE, FC30 to FC35 and FC80 on, Philips YB to YD. */
const SHARP_KERNEL = /^(?:[BIJHQ][ruvlf]?(?:5[6-9]|[6-9]\d)[a-z]?|BONE|BONEPLUS|EDGE|FC(?:3[0-5]|8\d)|Y[B-D]|D)$/

/** What a series is likely to be for, from geometry and acquisition data; the coordinator corrects it. */
export function proposeRole(header: InstanceHeader, stack: SeriesStack): string {
  if (header.modality === 'xray') return projectionRole(header)
  if (stack.code === 'LOCALIZER') return 'localizer'
  const plane = stack.plane ?? 'unknown'
  if (header.modality === 'ct') return isSharp(header) ? `${plane}-bone` : plane
  const weighting = mrWeighting(header)
  return weighting === null ? plane : `${plane}-${weighting}`
}

function projectionRole(header: InstanceHeader): string {
  const words = header.description.split(' ')
  const position = header.viewPosition === null ? undefined : VIEW_OF_POSITION[header.viewPosition]
  if (words.includes('OBL') || words.includes('OBLIQUE') || header.view === 'oblique') return 'oblique'
  if (position !== undefined) return position
  if (header.view !== null) return header.view
  if (words.includes('LAT') || words.includes('LATERAL')) return 'lateral'
  if (words.includes('AP')) return 'ap'
  if (words.includes('PA')) return 'pa'
  const along = header.patientOrientation[0]?.[0]
  if (along === 'A' || along === 'P') return 'lateral'
  return along === 'L' || along === 'R' ? 'ap' : 'unknown'
}

const isSharp = (header: InstanceHeader): boolean =>
  header.convolutionKernel === null
    ? /\b(?:BONE|KNOCHEN)\b/.test(header.description)
    : SHARP_KERNEL.test(header.convolutionKernel)

/** Usual contrast of a spin echo by its times in milliseconds; words of the description where the times are missing. */
function mrWeighting(header: InstanceHeader): 't1' | 't2' | 'pd' | 'stir' | null {
  const { repetitionTimeMs, inversionTimeMs, description } = header
  const echoTimeMs = header.echoTimeMs ?? header.frames[0]?.echoTimeMs ?? null
  if (/\b(?:STIR|TIRM)\b/.test(description)) return 'stir'
  if (repetitionTimeMs !== null && repetitionTimeMs > 0 && echoTimeMs !== null && echoTimeMs > 0) {
    if (inversionTimeMs !== null && inversionTimeMs > 80 && inversionTimeMs < 300) return 'stir'
    if (echoTimeMs >= 60) return 't2'
    return repetitionTimeMs < 1200 ? 't1' : 'pd'
  }
  if (/\bT2W?\b/.test(description)) return 't2'
  if (/\bT1W?\b/.test(description)) return 't1'
  return /\bPDW?\b/.test(description) ? 'pd' : null
}
