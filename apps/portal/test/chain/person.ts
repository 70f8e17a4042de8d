import type { AppRouter } from '@facetgrade/study/app-router'
import { aComputer, acceptInvitation, type Computer, type NewPerson } from '@facetgrade/testing/browser'
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client'
import type { Browser, Response } from 'playwright-core'

export type Api = TRPCClient<AppRouter>

/** Somebody at a computer of their own: the screens, and the same session's calls where the screen would take long. */
export type Person = Computer & {
  api: Api
  pin: string
  /** A download route of this session. */
  fetchText(path: string): Promise<{ status: number; text: string }>
  /** Every answer that this person's pages and calls have had so far. */
  heard(): Promise<readonly { url: string; text: string }[]>
}

/** Two cores carry product, browser and readers at once. */
const PATIENCE_MS = 60_000
const PASSWORD = 'seven-turtles-under-glass'

/** Accepts the invitation on the screens and stays signed in. */
export async function aPerson(
  browser: Browser,
  origin: string,
  { link, ...who }: Omit<NewPerson, 'password'> & { link: string },
): Promise<Person> {
  const computer = await aComputer(browser, { width: 1366, height: 768 })
  computer.page.setDefaultTimeout(PATIENCE_MS)
  const answers: Promise<{ url: string; text: string }>[] = []
  computer.page.on('response', (response) => {
    if (response.url().startsWith(origin) && !response.url().includes('/_next/')) answers.push(answerOf(response))
  })
  await acceptInvitation(computer.page, link, { ...who, password: PASSWORD })
  const call = async (url: string | URL, init?: RequestInit): Promise<globalThis.Response> => {
    const cookies = await computer.context.cookies(origin)
    const headers = new Headers(init?.headers)
    headers.set('cookie', cookies.map(({ name, value }) => `${name}=${value}`).join('; '))
    headers.set('origin', origin)
    const response = await fetch(url, { ...init, headers })
    answers.push(
      response
        .clone()
        .text()
        .then((text) => ({ url: String(url), text })),
    )
    return response
  }
  return {
    ...computer,
    pin: who.pin,
    api: createTRPCClient<AppRouter>({
      links: [
        httpLink({
          url: `${origin}/api/trpc`,
          fetch: (url, init) => call(url instanceof Request ? url.url : url, init as RequestInit),
        }),
      ],
    }),
    fetchText: async (path) => {
      const response = await call(`${origin}${path}`)
      return { status: response.status, text: await response.text() }
    },
    heard: () => Promise.all(answers),
  }
}

/** A redirect or an answer whose page has gone has no body to read. */
async function answerOf(response: Response): Promise<{ url: string; text: string }> {
  const body = await response.body().catch(() => Buffer.alloc(0))
  return { url: response.url(), text: body.toString('latin1') }
}
