import type { ReactNode } from 'react'
import { ReadingFrame } from '../../../../src/shell/reading-frame.tsx'

export default async function Layout({
  children,
  params,
}: {
  children: ReactNode
  params: Promise<{ studyCode: string }>
}) {
  return <ReadingFrame studyCode={(await params).studyCode}>{children}</ReadingFrame>
}
