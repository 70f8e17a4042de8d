import { join } from 'node:path'
import type { NextConfig } from 'next'
import createNextIntlPlugin from 'next-intl/plugin'

/** The codecs of the image loader ask for these only where there is no browser; there they are empty. */
const ABSENT_IN_BROWSER = { browser: './src/shell/absent-in-browser.ts' }

const config: NextConfig = {
  agentRules: false,
  devIndicators: false,
  poweredByHeader: false,
  reactStrictMode: true,
  // Types are a gate of their own; a build at a customer's start need not repeat it.
  typescript: { ignoreBuildErrors: true },
  transpilePackages: [
    '@facetgrade/dicom',
    '@facetgrade/evaluation',
    '@facetgrade/grading',
    '@facetgrade/report',
    '@facetgrade/ui',
  ],
  turbopack: {
    root: join(import.meta.dirname, '..', '..'),
    resolveAlias: { fs: ABSENT_IN_BROWSER, path: ABSENT_IN_BROWSER },
  },
}

export default createNextIntlPlugin('./src/shell/request-locale.ts')(config)
