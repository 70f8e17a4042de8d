/** Contracts §3: who takes the study's numbers out of it. */
export const EXPORT_ROLES = ['statistician'] as const
