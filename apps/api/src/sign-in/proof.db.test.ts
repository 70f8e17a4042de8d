import { inWall } from '@facetgrade/db/wall'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { expect, test } from 'vitest'
import { type Browser, useApi } from '../api-fixture.ts'
import { PASSWORD, withCodes, withPassword } from './signed-up-person.ts'
import { aPasskey } from './soft-passkey.ts'
import { codeAt, stepAt } from './totp.ts'

const database = useTestDatabase()
const api = useApi(database)
const anEmail = () => `${crypto.randomUUID()}@example.test`
const PIN = '271828'
const challengeOf = (body: unknown): string => (body as { challenge: string }).challenge
/** Signing in counts as proof for two minutes; these tests begin after them. */
const later = (email: string) =>
  database().owner.query(
    `UPDATE "Session" SET "createdAt" = now() - interval '5 minutes' WHERE "userId" = (SELECT id FROM "User" WHERE email = '${email}')`,
  )
const createToken = (browser: Browser, proof: unknown) =>
  browser.mutate('people.createToken', { name: 'laptop', proof })

async function signInWith(
  browser: Browser,
  passkey: ReturnType<typeof aPasskey>,
  options?: { isUserVerified: boolean },
): Promise<number> {
  const { body } = await browser.send('/api/auth/passkey/generate-authenticate-options')
  return (
    await browser.send('/api/auth/passkey/verify-authentication', {
      response: passkey.assert(challengeOf(body), options),
    })
  ).status
}

async function withPasskey(email: string) {
  const { aBrowser, origin } = await api()
  const browser = aBrowser()
  await withPassword(browser, database().db, email)
  const passkey = aPasskey(origin)
  const { body } = await browser.send('/api/auth/passkey/generate-register-options')
  expect(
    (
      await browser.send('/api/auth/passkey/verify-registration', {
        response: passkey.register(challengeOf(body)),
        name: 'laptop',
      })
    ).status,
  ).toBe(200)
  return { browser, passkey, aBrowser, origin }
}

test('a passkey that verified its user is both factors; one that did not signs nobody in', async () => {
  const { passkey, aBrowser } = await withPasskey(anEmail())
  const browser = aBrowser()
  expect(await signInWith(browser, passkey, { isUserVerified: false })).toBe(403)
  expect(await browser.query('people.me')).toMatchObject({ data: null })
  expect(await signInWith(browser, passkey)).toBe(200)
  expect(await browser.query('people.me')).toMatchObject({
    data: { hasSecondFactor: true, factors: { passkeys: [{ name: 'laptop' }] } },
  })
})

test('the password of a person with a passkey opens nothing, and enrols no second one', async () => {
  const email = anEmail()
  const { aBrowser, origin } = await withPasskey(email)
  const browser = aBrowser()
  expect((await browser.send('/api/auth/sign-in/email', { email, password: PASSWORD })).status).toBe(200)
  expect(await browser.query('people.me')).toMatchObject({ data: { hasSecondFactor: false } })
  expect(await browser.query('people.tokens')).toMatchObject({ refusal: 'SECOND_FACTOR_REQUIRED' })
  expect((await browser.send('/api/auth/two-factor/enable', { password: PASSWORD })).status).toBe(403)
  const { body } = await browser.send('/api/auth/passkey/generate-register-options')
  expect(
    (
      await browser.send('/api/auth/passkey/verify-registration', {
        response: aPasskey(origin).register(challengeOf(body)),
      })
    ).status,
  ).toBe(403)
})

test('a passkey signs with a challenge of ours, once, and only with its user verified', async () => {
  const email = anEmail()
  const { browser, passkey } = await withPasskey(email)
  expect(await signInWith(browser, passkey)).toBe(200)
  await later(email)
  const challenge = async () =>
    (await browser.mutate('people.passkeyChallenge')).data as {
      challengeId: string
      challenge: string
      allowCredentials: unknown[]
    }
  const given = await challenge()
  expect(given.allowCredentials).toHaveLength(1)
  const proof = { method: 'passkey', challengeId: given.challengeId, response: passkey.assert(given.challenge) }
  expect(await createToken(browser, proof)).toMatchObject({ status: 200 })
  expect(await createToken(browser, proof)).toMatchObject({ refusal: 'REAUTHENTICATION_FAILED' })
  const other = await challenge()
  const unverified = {
    method: 'passkey',
    challengeId: other.challengeId,
    response: passkey.assert(other.challenge, { isUserVerified: false }),
  }
  expect(await createToken(browser, unverified)).toMatchObject({ refusal: 'REAUTHENTICATION_FAILED' })
})

test('a one-time code proves once: it signs no second time, whatever its window', async () => {
  const browser = (await api()).aBrowser()
  const email = anEmail()
  const { secret } = await withCodes(browser, database().db, email)
  await later(email)
  const proof = { method: 'totp', code: codeAt(secret, stepAt(Date.now())) }
  const both = await Promise.all([createToken(browser, proof), createToken(browser, proof)])
  expect(both.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(await createToken(browser, proof)).toMatchObject({ refusal: 'REAUTHENTICATION_FAILED' })
})

test('five wrong PINs lock it, the right one too, until the lock has run out', async () => {
  const browser = (await api()).aBrowser()
  const email = anEmail()
  await withCodes(browser, database().db, email)
  expect(await browser.mutate('people.setPin', { pin: '123456', proof: null })).toMatchObject({
    refusal: 'PIN_TOO_WEAK',
  })
  expect(await browser.mutate('people.setPin', { pin: PIN, proof: null })).toMatchObject({ status: 200 })
  await later(email)
  const withPin = (pin: string) => createToken(browser, { method: 'pin', pin })
  expect(await withPin(PIN)).toMatchObject({ status: 200 })
  for (let attempt = 1; attempt <= 5; attempt++)
    expect(await withPin('314159')).toMatchObject({ refusal: 'REAUTHENTICATION_FAILED' })
  expect(await withPin(PIN)).toMatchObject({ status: 429, refusal: 'REAUTHENTICATION_LOCKED' })
  await database().owner.query(`UPDATE "SigningPin" SET "lockedUntil" = now() - interval '1 second'`)
  expect(await withPin(PIN)).toMatchObject({ status: 200 })
})

test('the PIN is quick, not strong: it changes nothing about signing in', async () => {
  const browser = (await api()).aBrowser()
  const email = anEmail()
  await withCodes(browser, database().db, email)
  await browser.mutate('people.setPin', { pin: PIN, proof: null })
  await later(email)
  expect((await browser.mutate('people.reauthenticate', { proof: { method: 'pin', pin: PIN } })).status).toBe(400)
  expect(
    (
      await browser.mutate('people.changePassword', {
        password: 'other-turtles-over-glass',
        proof: { method: 'pin', pin: PIN },
      })
    ).status,
  ).toBe(400)
})

test('a personal token stands for its person until it is revoked', async () => {
  const { aBrowser } = await api()
  const browser = aBrowser()
  const email = anEmail()
  await withCodes(browser, database().db, email)
  const { token, id } = (await createToken(browser, null)).data as { token: string; id: string }
  const me = async (bearer: string) =>
    (await aBrowser().send('/api/trpc/people.me', undefined, { authorization: `Bearer ${bearer}` })).body
  expect(await me(token)).toMatchObject({ result: { data: { email, hasSecondFactor: true, isFresh: false } } })
  expect(await me(`fgt_${'A'.repeat(43)}`)).toMatchObject({ result: { data: null } })
  expect((await database().db.personalToken.findUniqueOrThrow({ where: { id } })).hash).not.toContain(token)
  await browser.mutate('people.revokeToken', { tokenId: id })
  expect(await me(token)).toMatchObject({ result: { data: null } })
})

test('an administrator resets a lost second factor, and the person reads it at the next sign-in', async () => {
  const { aBrowser } = await api()
  const { db } = database()
  const [administrator, person] = [aBrowser(), aBrowser()]
  const email = anEmail()
  await withCodes(administrator, db, anEmail(), true)
  await withCodes(person, db, email)
  const { token } = (await createToken(person, null)).data as { token: string }
  const { id: userId } = await db.user.findUniqueOrThrow({ where: { email } })
  expect(await person.mutate('people.resetSecondFactor', { userId, reason: 'lost telephone' })).toMatchObject({
    refusal: 'NOT_ALLOWED',
  })
  expect(await administrator.mutate('people.resetSecondFactor', { userId, reason: 'lost telephone' })).toMatchObject({
    status: 200,
  })
  expect(await person.query('people.me')).toMatchObject({ data: null })
  expect(
    (await aBrowser().send('/api/trpc/people.me', undefined, { authorization: `Bearer ${token}` })).body,
  ).toMatchObject({ result: { data: null } })
  expect((await person.send('/api/auth/sign-in/email', { email, password: PASSWORD })).status).toBe(200)
  expect((await person.send('/api/auth/two-factor/enable', { password: PASSWORD })).status).toBe(200)
  expect(await db.userNotice.findMany({ where: { userId, seenAt: null } })).toMatchObject([
    { code: 'SECOND_FACTOR_RESET' },
  ])
})

test('the trail of the installation says how each session was opened and when a factor changed', async () => {
  const browser = (await api()).aBrowser()
  const email = anEmail()
  const { db } = database()
  await withCodes(browser, db, email)
  const { id: userId } = await db.user.findUniqueOrThrow({ where: { email } })
  const administrator = { userId: 'a', role: 'administrator', studyId: null, memberId: null } as const
  const trail = await inWall(db, administrator, (wall) =>
    wall.auditEntry.findMany({ where: { userId }, orderBy: { id: 'asc' } }),
  )
  expect(trail.map(({ action, new: value }) => [action, value])).toEqual([
    ['session.opened', { signInMethod: 'password' }],
    ['factor.changed', { route: '/two-factor/enable' }],
    ['session.opened', { signInMethod: 'password+totp' }],
  ])
})
