import type { Database } from '../connect.ts'

/** A session that is alive, with the person behind it. */
export type LiveSession = {
  sessionId: string
  ageMs: number
  signInMethod: string | null
  userId: string
  name: string
  email: string
  isAdministrator: boolean
}
export type SignInPerson = Pick<LiveSession, 'userId' | 'name' | 'email' | 'isAdministrator'>

/**
 * What the host asks the database before anyone is known to be anyone: sessions, tokens, used codes. Every statement
 * stands alone and commits by itself, so that a failure counted is counted whatever happens to the request.
 */
export function signInStore(db: Database) {
  return {
    /** Idle and absolute limits by the database's clock. A live session's last use is noted at most once a minute. */
    async liveSession(token: string, limits: { idleMs: number; absoluteMs: number }): Promise<LiveSession | undefined> {
      const rows = await db.$queryRaw<(LiveSession & { isStale: boolean })[]>`
        SELECT s.id AS "sessionId", (extract(epoch FROM now() - s."createdAt") * 1000)::double precision AS "ageMs", s."signInMethod", u.id AS "userId", u.name, u.email,
          coalesce(u.role = 'administrator', false) AS "isAdministrator", s."updatedAt" < now() - interval '1 minute' AS "isStale"
        FROM "Session" s JOIN "User" u ON u.id = s."userId"
        WHERE s.token = ${token} AND s."expiresAt" > now() AND coalesce(u.banned, false) = false
          AND s."updatedAt" > now() - ${limits.idleMs}::double precision * interval '1 millisecond'
          AND s."createdAt" > now() - ${limits.absoluteMs}::double precision * interval '1 millisecond'`
      const [row] = rows
      if (!row) {
        await db.session.deleteMany({ where: { token } })
        return undefined
      }
      const { isStale, ...session } = row
      if (isStale) await db.$executeRaw`UPDATE "Session" SET "updatedAt" = now() WHERE token = ${token}`
      return session
    },

    async personOfToken(hash: string): Promise<SignInPerson | undefined> {
      const rows = await db.$queryRaw<SignInPerson[]>`
        SELECT u.id AS "userId", u.name, u.email, coalesce(u.role = 'administrator', false) AS "isAdministrator"
        FROM "PersonalToken" t JOIN "User" u ON u.id = t."userId"
        WHERE t.hash = ${hash} AND t."revokedAt" IS NULL AND t."expiresAt" > now() AND coalesce(u.banned, false) = false`
      return rows[0]
    },

    /**
     * The PIN and whether it is locked, with this attempt counted beforehand: of many attempts at once each is one
     * failure. A lock that has run out starts the count anew.
     */
    async beginPinAttempt(
      userId: string,
      limit: { maxFailures: number; lockMs: number },
    ): Promise<{ hash: string; isLocked: boolean } | undefined> {
      const rows = await db.$queryRaw<{ hash: string; isLocked: boolean }[]>`
        UPDATE "SigningPin" SET
          failures = CASE WHEN "lockedUntil" > now() THEN failures WHEN "lockedUntil" IS NOT NULL THEN 1 ELSE failures + 1 END,
          "lockedUntil" = CASE WHEN "lockedUntil" > now() THEN "lockedUntil"
            WHEN "lockedUntil" IS NULL AND failures + 1 > ${limit.maxFailures} THEN now() + ${limit.lockMs}::double precision * interval '1 millisecond'
            ELSE NULL END
        WHERE "userId" = ${userId}
        RETURNING hash, coalesce("lockedUntil" > now(), false) AS "isLocked"`
      return rows[0]
    },
    async clearPinFailures(userId: string): Promise<void> {
      await db.signingPin.updateMany({ where: { userId }, data: { failures: 0, lockedUntil: null } })
    },

    async totpSecret(userId: string): Promise<string | undefined> {
      const row = await db.twoFactor.findFirst({ where: { userId, verified: true }, select: { secret: true } })
      return row?.secret
    },
    /** Also for a secret that is about to be verified for the first time. */
    async pendingTotpSecret(userId: string): Promise<string | undefined> {
      return (await db.twoFactor.findFirst({ where: { userId }, select: { secret: true } }))?.secret
    },
    /** True once per time step and person: a code is never accepted twice, nor an older one after it. */
    async useTotpStep(userId: string, step: number): Promise<boolean> {
      const { count } = await db.twoFactor.updateMany({
        where: { userId, OR: [{ lastStep: null }, { lastStep: { lt: step } }] },
        data: { lastStep: step },
      })
      return count > 0
    },

    async passkey(
      userId: string,
      credentialId: string,
    ): Promise<{ id: string; publicKey: string; counter: number } | undefined> {
      const row = await db.passkey.findFirst({
        where: { userId, credentialID: credentialId },
        select: { id: true, publicKey: true, counter: true },
      })
      return row ?? undefined
    },
    async setPasskeyCounter(id: string, counter: number): Promise<void> {
      await db.passkey.update({ where: { id }, data: { counter } })
    },
    async hasAnyFactor(userId: string): Promise<boolean> {
      const [codes, passkeys] = await Promise.all([
        db.twoFactor.count({ where: { userId, verified: true } }),
        db.passkey.count({ where: { userId } }),
      ])
      return codes + passkeys > 0
    },
    async takeOneTime(purpose: string, hash: string): Promise<string | undefined> {
      const rows = await db.$queryRaw<{ value: string }[]>`DELETE FROM "Verification"
        WHERE identifier = ${`facetgrade:${purpose}:${hash}`} AND "expiresAt" > now() RETURNING value`
      return rows[0]?.value
    },
  }
}
