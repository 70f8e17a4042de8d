import type { ZxcvbnFactory } from '@zxcvbn-ts/core'

/** Same rule as the server's (people/password-rule.ts), so that the meter never promises what is then refused. */
export const PASSWORD_MIN_LENGTH = 12
export const PASSWORD_MIN_SCORE = 3
const PRODUCT_WORDS = ['facetgrade', 'facet', 'lumbar', 'spine', 'radiology', 'hospital', 'reader', 'study']

let loaded: Promise<ZxcvbnFactory> | undefined

/** 0 (guessed at once) to 4. The lists of known passwords are a megabyte: fetched when the first letter is typed. */
export async function passwordScore(password: string, person: { name: string; email: string }): Promise<number> {
  loaded ??= load()
  const own = [person.name, ...person.name.split(/\s+/), person.email, ...person.email.split(/[@.]/)]
  return (await loaded).check(password, [...own.filter((word) => word.length > 2), ...PRODUCT_WORDS]).score
}

async function load(): Promise<ZxcvbnFactory> {
  const [core, common] = await Promise.all([import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common')])
  return new core.ZxcvbnFactory({ dictionary: common.dictionary, graphs: common.adjacencyGraphs })
}
