import type { ChainInput } from '@facetgrade/testing/chain-input'
import type { Browser, Page } from 'playwright-core'
import { type Chain, pageOf, READERS, STUDY_CODE } from './chain.ts'
import { aPerson, type Person } from './person.ts'

const PIN = '271828'
const KIND = { real: 'Real study', synthetic: 'Synthetic images' } as const
type Shot = Chain['shot']
type Start = { browser: Browser; origin: string; invitation: string; input: ChainInput; shot: Shot }

/** The first administrator enrols and founds the study; the investigator invites everyone else; each accepts on screen. */
export async function foundStudy({ browser, origin, invitation, input, shot }: Start): Promise<Chain> {
  const investigator = await aPerson(browser, origin, {
    link: invitation,
    name: 'Zhang Wei',
    email: 'zhang@example.test',
    pin: PIN,
  })
  await createStudy(investigator.page, origin, KIND[input.studyKind])
  const coordinatorLink = await inviteOnScreen(investigator.page, { origin }, shot)
  const coordinator = await aPerson(browser, origin, { link: coordinatorLink, name: 'Chen Jing', pin: PIN })
  const invited = async (name: string, role: 'statistician' | 'reader', readerGroup: string | null) => {
    const email = `${name.toLowerCase().replace(' ', '.')}@example.test`
    const { path } = await investigator.api.people.invite.mutate({
      studyCode: STUDY_CODE,
      name,
      email,
      role,
      readerGroup,
    })
    if (path === undefined) throw new Error(`${name} was not given a link`)
    return aPerson(browser, origin, { link: new URL(path, origin).href, name, pin: PIN })
  }
  // One after another: the codes of the readers follow the order of the invitations.
  const people: Chain['people'] = {
    investigator,
    coordinator,
    statistician: await invited('Li Na', 'statistician', null),
    J1: await invited('Liu Yang', 'reader', 'junior'),
    J2: await invited('Zhao Lei', 'reader', 'junior'),
    S1: await invited('Huang Min', 'reader', 'senior'),
    S2: await invited('Zhou Tao', 'reader', 'senior'),
  }
  await codesAgree(people)
  return { origin, input, people, shot, entered: new Map(), decided: new Map() }
}

async function createStudy(page: Page, origin: string, kind: string): Promise<void> {
  await page.goto(`${origin}/create-study`)
  await page.getByLabel('Study code').fill(STUDY_CODE)
  await page.getByLabel('Title').fill('Lumbar facet joints')
  await page.getByRole('radio', { name: kind }).check()
  await page.getByRole('button', { name: 'Create a study' }).click()
  await page.getByRole('heading', { name: 'Lumbar facet joints', level: 1 }).waitFor()
}

async function inviteOnScreen(page: Page, chain: Pick<Chain, 'origin'>, shot: Shot): Promise<string> {
  await page.goto(pageOf(chain, '/members'))
  await page.getByRole('button', { name: 'Invite a member' }).click()
  await page.getByLabel('Name').fill('Chen Jing')
  await page.getByLabel('Email address').fill('chen.jing@example.test')
  await page.getByLabel('Role', { exact: true }).selectOption('coordinator')
  await shot(page, 'invite')
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  const link = await page.getByLabel('Invitation link').inputValue()
  await page.getByRole('button', { name: 'Done' }).click()
  return link
}

async function codesAgree(people: Readonly<Record<(typeof READERS)[number] | 'investigator', Person>>): Promise<void> {
  const members = await people.investigator.api.people.members.query({ studyCode: STUDY_CODE })
  const codes = members.flatMap(({ readerCode }) => readerCode ?? []).toSorted()
  if (codes.join() !== READERS.join()) throw new Error(`reader codes ${codes.join()}`)
}
