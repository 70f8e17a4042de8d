import { Theme } from '@facetgrade/ui/theme'
import type { ReactNode } from 'react'

export default function Layout({ children }: { children: ReactNode }) {
  return <Theme name="office">{children}</Theme>
}
