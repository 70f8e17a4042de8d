import type { Wall } from '../wall.ts'

const identifier = (purpose: string, hash: string) => `facetgrade:${purpose}:${hash}`

/** Secrets given out once, by their hash, in the sign-in library's verification table. Valid by the database's clock. */
export function oneTimeStore(wall: Wall) {
  return {
    async putOneTime(secret: { purpose: string; hash: string; value: string; validForMs: number }) {
      await wall.$executeRaw`INSERT INTO "Verification" (id, identifier, value, "expiresAt", "updatedAt")
        VALUES (${crypto.randomUUID()}, ${identifier(secret.purpose, secret.hash)}, ${secret.value},
          now() + ${secret.validForMs}::double precision * interval '1 millisecond', now())`
    },
    async peekOneTime(purpose: string, hash: string) {
      const rows = await wall.$queryRaw<{ value: string }[]>`SELECT value FROM "Verification"
        WHERE identifier = ${identifier(purpose, hash)} AND "expiresAt" > now()`
      return rows[0]?.value
    },
    async takeOneTime(purpose: string, hash: string) {
      const rows = await wall.$queryRaw<{ value: string }[]>`DELETE FROM "Verification"
        WHERE identifier = ${identifier(purpose, hash)} AND "expiresAt" > now() RETURNING value`
      return rows[0]?.value
    },
    async dropOneTime(purpose: string, value: string) {
      await wall.$executeRaw`DELETE FROM "Verification" WHERE starts_with(identifier, ${identifier(purpose, '')}) AND value = ${value}`
    },
  }
}
