import type { ReactNode } from 'react'
import { OfficeFrame } from '../../src/shell/office-frame.tsx'

export default function Layout({ children }: { children: ReactNode }) {
  return <OfficeFrame>{children}</OfficeFrame>
}
