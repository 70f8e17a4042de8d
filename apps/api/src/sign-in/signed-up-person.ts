import type { Database } from '@facetgrade/db/connect'
import { storesIn } from '@facetgrade/db/stores'
import { inWall } from '@facetgrade/db/wall'
import { inviteAccount, inviteFirstAdministrator } from '@facetgrade/study/people/invite'
import { expect } from 'vitest'
import type { Browser } from '../api-fixture.ts'
import { codeAt, stepAt } from './totp.ts'

export const PASSWORD = 'seven-turtles-under-glass'
const NOBODY = { userId: null, role: 'none', studyId: null, memberId: null } as const

/** The secret of a fresh invitation for this address. */
export async function anInvitation(db: Database, email: string, isAdministrator = false): Promise<string> {
  const { path } = await inWall(db, NOBODY, (wall) =>
    inviteAccount(storesIn(wall), { email, name: 'Invited', isAdministrator }),
  )
  return path?.split('#')[1] ?? ''
}

export async function firstInvitation(db: Database): Promise<string | undefined> {
  return (await inWall(db, NOBODY, (wall) => inviteFirstAdministrator(storesIn(wall).people)))?.split('#')[1]
}

/** Accepts an invitation and signs in with the password alone. */
export async function withPassword(
  browser: Browser,
  db: Database,
  email: string,
  isAdministrator = false,
): Promise<void> {
  const accepted = await browser.mutate('people.acceptInvitation', {
    secret: await anInvitation(db, email, isAdministrator),
    name: 'Lin Example',
    password: PASSWORD,
  })
  expect(accepted).toMatchObject({ status: 200, data: { email } })
  expect((await browser.send('/api/auth/sign-in/email', { email, password: PASSWORD })).status).toBe(200)
}

/** Goes on to enrol one-time codes; returns the shared secret and the recovery codes. The current step is used up. */
export async function withCodes(
  browser: Browser,
  db: Database,
  email: string,
  isAdministrator = false,
): Promise<{ secret: string; recoveryCodes: string[] }> {
  await withPassword(browser, db, email, isAdministrator)
  const enabled = await browser.send('/api/auth/two-factor/enable', { password: PASSWORD })
  const { totpURI, backupCodes } = enabled.body as { totpURI: string; backupCodes: string[] }
  const secret = base32(new URL(totpURI).searchParams.get('secret') ?? '')
  expect(
    (await browser.send('/api/auth/two-factor/verify-totp', { code: codeAt(secret, stepAt(Date.now()) - 1) })).status,
  ).toBe(200)
  return { secret, recoveryCodes: backupCodes }
}

/** RFC 4648, as authenticator apps decode it. */
function base32(text: string): string {
  const bits = [...text]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  return String.fromCharCode(...(bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
