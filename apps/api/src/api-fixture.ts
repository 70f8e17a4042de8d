import { createServer } from 'node:net'
import type { TestDatabase } from '@facetgrade/testing/postgres-fixture'
import { afterAll } from 'vitest'
import { parseEnvironment } from './environment.ts'
import { buildServer } from './server.ts'

const SECRET = 'a-secret-that-only-the-tests-of-the-api-know'

/** Keeps cookies as a browser does, and names its origin. */
export type Browser = {
  cookies: Map<string, string>
  send(
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: unknown; headers: Headers }>
  query(procedure: string, input?: unknown): Promise<CallResult>
  mutate(procedure: string, input?: unknown): Promise<CallResult>
}
export type CallResult = { status: number; data: unknown; refusal: string | undefined }

/** A running api on a free port, closed after the tests of the file. */
export function useApi(database: () => TestDatabase): () => Promise<{ origin: string; aBrowser: () => Browser }> {
  let started: Promise<{ origin: string; close: () => Promise<void> }> | undefined
  afterAll(async () => (await started)?.close())
  return async () => {
    started ??= start(database().appUrl)
    const { origin } = await started
    return { origin, aBrowser: () => aBrowser(origin) }
  }
}

async function start(appUrl: string): Promise<{ origin: string; close: () => Promise<void> }> {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const environment = parseEnvironment({
    DATABASE_URL: appUrl,
    FACETGRADE_DATA: '/nonexistent',
    FACETGRADE_PORT: String(port),
    FACETGRADE_URL: origin,
    FACETGRADE_AUTH_SECRET: SECRET,
    FACETGRADE_LOG_LEVEL: process.env['FACETGRADE_LOG_LEVEL'] ?? 'silent',
  })
  const app = await buildServer(environment)
  await app.listen({ host: '127.0.0.1', port })
  return { origin, close: () => app.close() }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address ? done(address.port) : fail(new Error('no port'))))
    })
  })
}

function aBrowser(origin: string): Browser {
  const cookies = new Map<string, string>()
  const send: Browser['send'] = async (path, body, headers = {}) => {
    const response = await fetch(`${origin}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json', origin }),
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    for (const line of response.headers.getSetCookie()) keep(cookies, line)
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text), headers: response.headers }
  }
  const result = ({ status, body }: { status: number; body: unknown }): CallResult => {
    const answer = body as {
      result?: { data?: unknown }
      error?: { data?: { refusal?: { code: string } | null; code?: string } }
    }
    return { status, data: answer.result?.data, refusal: answer.error?.data?.refusal?.code ?? answer.error?.data?.code }
  }
  return {
    cookies,
    send,
    query: async (procedure, input) =>
      result(
        await send(
          `/api/trpc/${procedure}${input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`}`,
        ),
      ),
    mutate: async (procedure, input) => result(await send(`/api/trpc/${procedure}`, input ?? {})),
  }
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split('; ')
  const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
  if (value === '' || attributes.some((attribute) => attribute.toLowerCase() === 'max-age=0')) cookies.delete(name)
  else cookies.set(name, value)
}
