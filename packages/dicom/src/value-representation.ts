/** Value representations of PS3.5 §6.2 with their explicit header: true = 2 reserved bytes and a 32-bit length. */
const LONG = {
  AE: false,
  AS: false,
  AT: false,
  CS: false,
  DA: false,
  DS: false,
  DT: false,
  FD: false,
  FL: false,
  IS: false,
  LO: false,
  LT: false,
  OB: true,
  OD: true,
  OF: true,
  OL: true,
  OV: true,
  OW: true,
  PN: false,
  SH: false,
  SL: false,
  SQ: true,
  SS: false,
  ST: false,
  SV: true,
  TM: false,
  UC: true,
  UI: false,
  UL: false,
  UN: true,
  UR: true,
  US: false,
  UT: true,
  UV: true,
} as const

export type Vr = keyof typeof LONG

export const VRS = Object.keys(LONG) as Vr[]

export const hasLongHeader = (vr: Vr): boolean => LONG[vr]

const BY_BYTES = new Map<number, Vr>(VRS.map((vr) => [(vr.charCodeAt(0) << 8) | vr.charCodeAt(1), vr]))

/** The representation that two bytes of an explicit header name, or undefined. */
export const vrFromBytes = (first: number, second: number): Vr | undefined => BY_BYTES.get((first << 8) | second)
