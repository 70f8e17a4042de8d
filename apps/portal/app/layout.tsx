import '@fontsource-variable/noto-sans'
import '@fontsource-variable/noto-sans-sc'
import '@facetgrade/ui/tokens.css'
import '@facetgrade/ui/base.css'
import type { Metadata } from 'next'
import { NextIntlClientProvider } from 'next-intl'
import { getLocale } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Providers } from '../src/shell/providers.tsx'

export const metadata: Metadata = {
  title: { default: 'FacetGrade', template: '%s · FacetGrade' },
  robots: { index: false, follow: false },
  referrer: 'no-referrer',
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang={await getLocale()}>
      <body>
        <NextIntlClientProvider>
          <Providers>{children}</Providers>
        </NextIntlClientProvider>
      </body>
    </html>
  )
}
