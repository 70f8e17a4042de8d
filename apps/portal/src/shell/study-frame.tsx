'use client'
import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext } from 'react'
import { Loaded } from './loaded.tsx'
import { NothingHere } from './nothing-here.tsx'
import type { OwnRole } from './own-role.ts'
import { refusalOf } from './refusal.ts'
import { type Outputs, useTRPC } from './trpc.ts'

export type ShownStudy = Outputs['studies']['show']
const StudyContext = createContext<ShownStudy | undefined>(undefined)

/** The study of this address, with the person's own roles there. Only under a StudyFrame. */
export function useStudy(): ShownStudy {
  const study = useContext(StudyContext)
  if (!study) throw new Error('useStudy: no StudyFrame above')
  return study
}

export function useHasRole(...roles: OwnRole[]): boolean {
  return useStudy().roles.some((role) => roles.includes(role))
}

/**
 * Loads the study once for every screen in it. A study that is not one's own looks like one that does not exist.
 * `outside` frames what is shown while there is no study to show.
 */
export function StudyFrame({
  studyCode,
  outside,
  children,
}: {
  studyCode: string
  outside: (state: ReactNode) => ReactNode
  children: ReactNode
}) {
  const study = useQuery(useTRPC().studies.show.queryOptions({ studyCode }))
  if (refusalOf(study.error)?.code === 'NOT_FOUND') return outside(<NothingHere />)
  if (study.data === undefined) return outside(<Loaded query={study}>{() => null}</Loaded>)
  return <StudyContext value={study.data}>{children}</StudyContext>
}
