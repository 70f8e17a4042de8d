import type { ReactNode } from 'react'
import { StudyOffice } from '../../../../src/shell/study-office.tsx'

export default async function Layout({
  children,
  params,
}: {
  children: ReactNode
  params: Promise<{ studyCode: string }>
}) {
  return <StudyOffice studyCode={(await params).studyCode}>{children}</StudyOffice>
}
