import { createHmac, randomBytes, randomInt } from 'node:crypto'
import { z } from 'zod'
import { RefusedError } from '../refusal.ts'

/** What a simulated person keeps to act: a personal token and the PIN they sign with. Made at random, nowhere else. */
export const DemoCredentials = z.strictObject({ email: z.email(), token: z.string(), pin: z.string() })
export type DemoCredentials = z.infer<typeof DemoCredentials>

const TOKEN_DAYS = 30
const TOTP_PERIOD_SECONDS = 30
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

const Enrolled = z.object({ totpURI: z.url() })
const Answer = z.object({ result: z.object({ data: z.unknown().optional() }) })
const Refused = z.object({
  error: z.object({ data: z.object({ refusal: z.object({ code: z.string() }).nullish(), code: z.string() }) }),
})

/**
 * Comes in by a one-time link as a person does: name and password, then one-time codes as the second factor, a PIN and a
 * token for the shell. The password is random and is not kept: nobody signs in as a simulated person again.
 */
export async function signUp(
  address: string,
  invitation: { secret: string; name: string; email?: string },
): Promise<DemoCredentials> {
  const browser = aBrowser(address)
  const password = randomBytes(24).toString('base64url')
  const { email } = z.object({ email: z.string() }).parse(
    await browser.mutate('people.acceptInvitation', {
      secret: invitation.secret,
      name: invitation.name,
      password,
      ...(invitation.email === undefined ? {} : { email: invitation.email }),
    }),
  )
  await browser.post('/api/auth/sign-in/email', { email, password })
  const { totpURI } = Enrolled.parse(await browser.post('/api/auth/two-factor/enable', { password }))
  const secret = base32(new URL(totpURI).searchParams.get('secret') ?? '')
  await browser.post('/api/auth/two-factor/verify-totp', { code: codeNow(secret) })
  const pin = randomPin()
  await browser.mutate('people.setPin', { pin, proof: null })
  const made = await browser.mutate('people.createToken', { name: 'simulated person', days: TOKEN_DAYS, proof: null })
  return { email, pin, token: z.object({ token: z.string() }).parse(made).token }
}

/** Cookies, and the origin that a browser names. */
function aBrowser(address: string) {
  const cookies = new Map<string, string>()
  const send = async (path: string, body: unknown): Promise<unknown> => {
    const response = await fetch(new URL(path, address), {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        origin: new URL(address).origin,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      body: JSON.stringify(body),
    })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split('; ')
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    const answer: unknown = await response.json()
    if (response.ok) return answer
    const refusal = Refused.safeParse(answer)
    const code = refusal.success ? (refusal.data.error.data.refusal?.code ?? refusal.data.error.data.code) : 'SIGN_UP'
    throw new RefusedError(code, `A simulated person could not come in (${path} answered ${response.status}).`)
  }
  return {
    post: send,
    mutate: async (procedure: string, input: unknown): Promise<unknown> =>
      Answer.parse(await send(`/api/trpc/${procedure}`, input)).result.data,
  }
}

/** Eight digits are never a run, a repetition or a year by chance often enough to matter; those that are, are redrawn. */
function randomPin(): string {
  for (;;) {
    const pin = String(randomInt(10 ** 8)).padStart(8, '0')
    if (new Set(pin).size >= 5) return pin
  }
}

/** RFC 6238 with the HMAC-SHA-1 of RFC 4226, as authenticator apps compute it. */
function codeNow(secret: string): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / TOTP_PERIOD_SECONDS)))
  const digest = createHmac('sha1', secret).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 0xf
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 10 ** 6).padStart(6, '0')
}

/** RFC 4648. */
function base32(text: string): string {
  const bits = [...text].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return String.fromCharCode(...(bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
