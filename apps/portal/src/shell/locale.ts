export const LOCALES = ['zh-CN', 'en'] as const
export type Locale = (typeof LOCALES)[number]
export const LOCALE_COOKIE = 'facetgrade-locale'
/** In its own language, so that whoever needs it can read it. */
export const LOCALE_NAMES: Record<Locale, string> = { 'zh-CN': '中文', en: 'English' }

export const isLocale = (value: string | undefined): value is Locale => LOCALES.some((locale) => locale === value)

/** The first language of an Accept-Language header that the product speaks. */
export function acceptedLocale(header: string | null): Locale {
  const wanted = (header ?? '').split(',').map((part) => part.trim().toLowerCase().slice(0, 2))
  const first = wanted.find((language) => language === 'zh' || language === 'en')
  return first === 'en' ? 'en' : 'zh-CN'
}

/** Key of the protocol's two-language texts. */
export const textLanguage = (locale: Locale): 'en' | 'zh' => (locale === 'en' ? 'en' : 'zh')
