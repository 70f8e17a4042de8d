import { cookies, headers } from 'next/headers'
import { getRequestConfig } from 'next-intl/server'
import en from '../../messages/en.ts'
import zh from '../../messages/zh.ts'
import { acceptedLocale, isLocale, LOCALE_COOKIE } from './locale.ts'

export default getRequestConfig(async () => {
  const chosen = (await cookies()).get(LOCALE_COOKIE)?.value
  const locale = isLocale(chosen) ? chosen : acceptedLocale((await headers()).get('accept-language'))
  return { locale, messages: locale === 'en' ? en : zh, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone }
})
