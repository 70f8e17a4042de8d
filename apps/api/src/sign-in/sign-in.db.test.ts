import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { expect, test } from 'vitest'
import { useApi } from '../api-fixture.ts'
import { anInvitation, firstInvitation, PASSWORD, withCodes, withPassword } from './signed-up-person.ts'
import { codeAt, stepAt } from './totp.ts'

const database = useTestDatabase()
const api = useApi(database)
const anEmail = () => `${crypto.randomUUID()}@example.test`
const now = (secret: string, later = 0) => codeAt(secret, stepAt(Date.now()) + later)

test('the api says that it is well, and that nobody is signed in', async () => {
  const browser = (await api()).aBrowser()
  expect(await browser.send('/api/health')).toMatchObject({ status: 200, body: { status: 'ok' } })
  expect(await browser.query('people.me')).toMatchObject({ status: 200, data: null })
})

test('the first administrator comes in by the one-time link of a new installation, and nobody after them', async () => {
  const { db } = database()
  const browser = (await api()).aBrowser()
  const old = await firstInvitation(db)
  const secret = await firstInvitation(db)
  const email = anEmail()
  const accept = (using: string | undefined) =>
    browser.mutate('people.acceptInvitation', { secret: using, name: 'Ada Admin', email, password: PASSWORD })
  expect(await accept(old)).toMatchObject({ refusal: 'INVITATION_INVALID' })
  expect(await accept(secret)).toMatchObject({ data: { email } })
  expect(await accept(secret)).toMatchObject({ refusal: 'INVITATION_INVALID' })
  expect(await firstInvitation(db)).toBeUndefined()
  expect(await db.user.findUnique({ where: { email } })).toMatchObject({ role: 'administrator', name: 'Ada Admin' })
})

test('an invitation opens once, only with a password that is long and not known, and signing up is closed', async () => {
  const { db } = database()
  const browser = (await api()).aBrowser()
  const email = anEmail()
  const secret = await anInvitation(db, email)
  const accept = (password: string) =>
    browser.mutate('people.acceptInvitation', { secret, name: 'Lin Example', password })
  expect(await browser.query('people.invitation', { secret })).toMatchObject({ data: { email } })
  expect(await accept('short')).toMatchObject({ refusal: 'PASSWORD_TOO_SHORT' })
  expect(await accept('password12345')).toMatchObject({ refusal: 'PASSWORD_TOO_COMMON' })
  expect(await accept('lin-example-1')).toMatchObject({ refusal: 'PASSWORD_TOO_COMMON' })
  const both = await Promise.all([accept(PASSWORD), accept(PASSWORD)])
  expect(new Set(both.map(({ refusal }) => refusal))).toEqual(new Set(['INVITATION_INVALID', undefined]))
  expect(
    (await browser.send('/api/auth/sign-up/email', { email: anEmail(), password: PASSWORD, name: 'x' })).status,
  ).toBe(404)
  expect((await browser.send('/api/auth/get-session')).status).toBe(404)
  expect((await browser.send('/api/auth/admin/list-users')).status).toBe(404)
})

test('an expired invitation and an unknown one are refused alike', async () => {
  const { db, owner } = database()
  const browser = (await api()).aBrowser()
  const secret = await anInvitation(db, anEmail())
  await owner.query(`UPDATE "Verification" SET "expiresAt" = now() - interval '1 second'`)
  expect(await browser.query('people.invitation', { secret })).toMatchObject({ refusal: 'INVITATION_INVALID' })
  expect(await browser.query('people.invitation', { secret: 'A'.repeat(43) })).toMatchObject({
    refusal: 'INVITATION_INVALID',
  })
})

test('with the password alone a person can enrol a second factor and do nothing else', async () => {
  const browser = (await api()).aBrowser()
  await withPassword(browser, database().db, anEmail())
  expect(await browser.query('people.me')).toMatchObject({
    data: { hasSecondFactor: false, factors: { hasTotp: false } },
  })
  expect(await browser.query('people.tokens')).toMatchObject({ status: 403, refusal: 'SECOND_FACTOR_REQUIRED' })
})

test('after codes are enrolled the password leads to the code, and the code to the session', async () => {
  const { db } = database()
  const email = anEmail()
  const { secret } = await withCodes((await api()).aBrowser(), db, email)
  const browser = (await api()).aBrowser()
  expect((await browser.send('/api/auth/sign-in/email', { email, password: PASSWORD })).body).toMatchObject({
    twoFactorRedirect: true,
  })
  expect(await browser.query('people.me')).toMatchObject({ data: null })
  expect((await browser.send('/api/auth/two-factor/verify-totp', { code: '000000' })).status).toBe(401)
  expect((await browser.send('/api/auth/two-factor/verify-totp', { code: now(secret) })).status).toBe(200)
  expect(await browser.query('people.me')).toMatchObject({
    data: { hasSecondFactor: true, factors: { hasTotp: true } },
  })
  expect((await db.session.findMany({ where: { user: { email } } })).map(({ signInMethod }) => signInMethod)).toEqual([
    'password+totp',
    'password+totp',
  ])
})

test('a code signs in once: the same one, and an older one, are refused afterwards', async () => {
  const email = anEmail()
  const { secret } = await withCodes((await api()).aBrowser(), database().db, email)
  const code = now(secret)
  const signIn = async (given: string) => {
    const browser = (await api()).aBrowser()
    await browser.send('/api/auth/sign-in/email', { email, password: PASSWORD })
    return (await browser.send('/api/auth/two-factor/verify-totp', { code: given })).status
  }
  expect(await signIn(code)).toBe(200)
  expect(await signIn(code)).toBe(401)
  expect(await signIn(now(secret, -1))).toBe(401)
})

test('a recovery code signs in once', async () => {
  const email = anEmail()
  const { recoveryCodes } = await withCodes((await api()).aBrowser(), database().db, email)
  const signIn = async () => {
    const browser = (await api()).aBrowser()
    await browser.send('/api/auth/sign-in/email', { email, password: PASSWORD })
    const { status } = await browser.send('/api/auth/two-factor/verify-backup-code', { code: recoveryCodes[0] })
    return { status, me: (await browser.query('people.me')).data }
  }
  expect(await signIn()).toMatchObject({ status: 200, me: { hasSecondFactor: true } })
  expect(await signIn()).toMatchObject({ status: 401, me: null })
})

test('a session ends after thirty minutes without a request, and twelve hours after it began', async () => {
  const { db, owner } = database()
  const browser = (await api()).aBrowser()
  for (const age of [
    `"updatedAt" = now() - interval '31 minutes'`,
    `"createdAt" = now() - interval '12 hours 1 second', "updatedAt" = now()`,
  ]) {
    const email = anEmail()
    await withCodes(browser, db, email)
    const aged = (sql: string) =>
      owner.query(`UPDATE "Session" SET ${sql} WHERE "userId" = (SELECT id FROM "User" WHERE email = '${email}')`)
    await aged(`"updatedAt" = now() - interval '29 minutes'`)
    expect(await browser.query('people.me')).toMatchObject({ data: { email } })
    await aged(age)
    expect(await browser.query('people.me')).toMatchObject({ data: null })
    expect(await db.session.count({ where: { user: { email } } })).toBe(0)
  }
})

test('a session cannot change the factor without proof; with a ticket it can, once', async () => {
  const browser = (await api()).aBrowser()
  const { db, owner } = database()
  const email = anEmail()
  const { secret } = await withCodes(browser, db, email)
  await owner.query(`UPDATE "Session" SET "createdAt" = now() - interval '5 minutes'`)
  const disable = (ticket?: string) =>
    browser.send(
      '/api/auth/two-factor/generate-backup-codes',
      { password: PASSWORD },
      ticket === undefined ? {} : { 'x-facetgrade-ticket': ticket },
    )
  expect((await disable()).status).toBe(403)
  expect((await disable('A'.repeat(43))).status).toBe(403)
  expect(await browser.mutate('people.reauthenticate', { proof: null })).toMatchObject({
    refusal: 'REAUTHENTICATION_FAILED',
  })
  const { data } = await browser.mutate('people.reauthenticate', { proof: { method: 'totp', code: now(secret) } })
  const { ticket } = data as { ticket: string }
  expect((await disable(ticket)).status).toBe(200)
  expect((await disable(ticket)).status).toBe(403)
  expect((await browser.send('/api/auth/two-factor/verify-totp', { code: now(secret, 1) })).status).toBe(403)
})

test('a change sent from another site is refused, and answers are kept by no shared cache', async () => {
  const { aBrowser, origin } = await api()
  const browser = aBrowser()
  const foreign = await fetch(`${origin}/api/trpc/people.signOutEverywhere`, {
    method: 'POST',
    headers: { origin: 'https://elsewhere.example', 'content-type': 'application/json' },
    body: '{}',
  })
  expect(foreign.status).toBe(403)
  const { headers } = await browser.send('/api/trpc/people.me')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  const options = await browser.send('/api/auth/passkey/generate-authenticate-options')
  expect(options.headers.get('cache-control')).toBe('no-store')
})
