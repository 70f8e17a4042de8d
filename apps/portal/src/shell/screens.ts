import type { OwnRole } from './own-role.ts'

export type Screen = { id: string; path: string; roles: readonly OwnRole[] }

const EVERYONE = ['investigator', 'coordinator', 'reader', 'statistician', 'modeller', 'monitor'] as const

/**
 * The screens of a study in the order of its chain; navigation offers those that one of the person's roles may use. Each
 * has its name in messages `navigation` under its id. Shown is not allowed: every procedure checks for itself.
 */
export const SCREENS = [
  { id: 'home', path: '', roles: EVERYONE },
  { id: 'imports', path: '/imports', roles: ['coordinator', 'investigator'] },
  { id: 'patients', path: '/patients', roles: ['coordinator', 'investigator'] },
  { id: 'screening', path: '/screening', roles: ['coordinator', 'investigator', 'monitor'] },
  { id: 'xraySides', path: '/xray-sides', roles: ['coordinator'] },
  { id: 'split', path: '/split', roles: ['investigator', 'statistician', 'modeller', 'monitor'] },
  { id: 'assignments', path: '/assignments', roles: ['investigator', 'coordinator'] },
  { id: 'worklist', path: '/reading', roles: ['reader'] },
  { id: 'adjudication', path: '/adjudication', roles: ['reader'] },
  {
    id: 'models',
    path: '/models',
    roles: ['investigator', 'modeller', 'statistician', 'coordinator', 'monitor'],
  },
  { id: 'evaluation', path: '/evaluation', roles: ['investigator', 'statistician'] },
  { id: 'exports', path: '/exports', roles: ['statistician'] },
  { id: 'members', path: '/members', roles: ['investigator', 'monitor'] },
  { id: 'protocol', path: '/protocol', roles: EVERYONE },
] as const satisfies readonly Screen[]

export type ScreenId = (typeof SCREENS)[number]['id']
