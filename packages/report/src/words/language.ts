import { en } from './en.ts'
import { reportEn } from './report-en.ts'
import { reportZh } from './report-zh.ts'
import { zh } from './zh.ts'

export const LANGUAGES = ['en', 'zh'] as const
export type Language = (typeof LANGUAGES)[number]
export type Words = typeof en

/** Each language's words have the same keys: a missing one does not compile. */
export const wordsIn = (language: Language): Words => (language === 'en' ? en : zh)

export type ReportWords = typeof reportEn

export const reportWordsIn = (language: Language): ReportWords => (language === 'en' ? reportEn : reportZh)
