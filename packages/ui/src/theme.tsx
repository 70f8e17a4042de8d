'use client'
import { createContext, type ReactNode, useContext } from 'react'

export type ThemeName = 'office' | 'reading'
const ThemeContext = createContext<ThemeName>('office')

/** Everything inside wears the theme, dialogs too, although they hang elsewhere in the document. */
export function Theme({ name, children, className }: { name: ThemeName; children: ReactNode; className?: string }) {
  return (
    <ThemeContext value={name}>
      <div data-theme={name} data-page="" className={className}>
        {children}
      </div>
    </ThemeContext>
  )
}

export const useThemeName = (): ThemeName => useContext(ThemeContext)
