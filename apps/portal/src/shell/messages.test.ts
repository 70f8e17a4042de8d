import { createTranslator } from 'next-intl'
import { describe, expect, test } from 'vitest'
import en from '../../messages/en.ts'
import zh from '../../messages/zh.ts'

type Translate = (path: string, values: Record<string, number>) => string
type Tree = { readonly [key: string]: string | Tree }

const leaves = (tree: Tree, path = ''): [path: string, text: string][] =>
  Object.entries(tree).flatMap(([key, value]): [string, string][] => {
    const here = path === '' ? key : `${path}.${key}`
    return typeof value === 'string' ? [[here, value]] : leaves(value, here)
  })

const words = { en: new Map(leaves(en)), 'zh-CN': new Map(leaves(zh)) }

/** A value for everything that stands in braces. */
const valuesFor = (text: string) =>
  Object.fromEntries([...text.matchAll(/\{\s*(\w+)\s*[,}]/g)].map((match) => [match[1], 2]))

describe.each([
  { locale: 'en', messages: en as Tree, other: 'zh-CN' },
  { locale: 'zh-CN', messages: zh as Tree, other: 'en' },
] as const)('$locale', ({ locale, messages, other }) => {
  // The values are those that the other language names: a sentence that wants another value than its twin cannot be said.
  test.each([...words[locale].keys()])('%s can be said with the values of the other language', (path) => {
    const failures: string[] = []
    const onError = (error: Error) => failures.push(error.message)
    // Every path of the tree is a key; the typed keys of the product cannot say so.
    const translate = createTranslator({ locale, messages, onError }) as unknown as Translate
    const said = translate(path, valuesFor(words[other].get(path) ?? ''))
    expect(failures).toEqual([])
    expect(said.trim()).not.toBe('')
  })
})
