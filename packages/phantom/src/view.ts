/** Views of the lumbar spine. Posterior obliques show the joints nearest the detector: RPO the right ones, LPO the left. */
export const VIEWS = ['AP', 'LL', 'RPO', 'LPO'] as const
export type View = (typeof VIEWS)[number]

/**
 * Turn of the beam about the long axis from front–back, in degrees: in RPO the right back lies on the detector, the beam
 * runs from the left front to the right back, along the right joints.
 */
export const TURN_DEGREES: Record<View, number> = { AP: 0, LL: 90, RPO: 45, LPO: -45 }

/** Patient Orientation (PS3.3 §C.7.6.1.1.1): direction of the rows, then of the columns. */
export const ORIENTATION: Record<View, string> = { AP: 'L\\F', LL: 'P\\F', RPO: 'LP\\F', LPO: 'LA\\F' }

/** View code (PS3.16 CID 4010). */
export const VIEW_CODE: Record<View, { value: string; scheme: 'SCT'; meaning: string }> = {
  AP: { value: '399348003', scheme: 'SCT', meaning: 'antero-posterior' },
  LL: { value: '399173006', scheme: 'SCT', meaning: 'left lateral' },
  RPO: { value: '399038007', scheme: 'SCT', meaning: 'right posterior oblique' },
  LPO: { value: '399006002', scheme: 'SCT', meaning: 'left posterior oblique' },
}

/** Which sides' joints a view shows: all from the front and the side, one side's from the back obliquely. */
export const shows = (view: View, side: 'left' | 'right'): boolean =>
  view === 'RPO' ? side === 'right' : view === 'LPO' ? side === 'left' : true
