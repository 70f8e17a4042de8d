import type en from '../../messages/en.ts'
import type { Locale as SpokenLocale } from './locale.ts'

declare module 'next-intl' {
  interface AppConfig {
    Locale: SpokenLocale
    Messages: typeof en
  }
}
