import { createHmac, timingSafeEqual } from 'node:crypto'

const PERIOD_SECONDS = 30
const DIGITS = 6
/** Steps of clock difference that are forgiven, each way (RFC 6238 5.2). */
const WINDOW = 1

/** HOTP with HMAC-SHA-1 (RFC 4226 5.3), which authenticator apps implement. The secret's own bytes are its key. */
export function codeAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac('sha1', secret).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 0xf
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 10 ** DIGITS).padStart(DIGITS, '0')
}

export const stepAt = (nowMs: number): number => Math.floor(nowMs / 1000 / PERIOD_SECONDS)

/**
 * The time step (RFC 6238) that a code belongs to, so that the step can be used up; undefined when it is none of the
 * steps near `nowMs`. The sign-in library only answers yes or no.
 */
export function stepOf(secret: string, code: string, nowMs: number): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined
  const given = Buffer.from(code)
  const steps = Array.from({ length: 2 * WINDOW + 1 }, (_, index) => stepAt(nowMs) - WINDOW + index)
  return steps.findLast((step) => timingSafeEqual(given, Buffer.from(codeAt(secret, step))))
}
