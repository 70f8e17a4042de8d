import type { Wall } from '../wall.ts'

const SHOWN = { id: true, name: true, createdAt: true, expiresAt: true, revokedAt: true } as const

/** Personal tokens of the command line, by the SHA-256 of their text. */
export function tokenStore(wall: Wall) {
  return {
    async createToken(token: { userId: string; name: string; hash: string; validForMs: number }) {
      const rows = await wall.$queryRaw<
        { id: string }[]
      >`INSERT INTO "PersonalToken" (id, "userId", name, hash, "expiresAt")
        VALUES (${crypto.randomUUID()}::uuid, ${token.userId}, ${token.name}, ${token.hash},
          now() + ${token.validForMs}::double precision * interval '1 millisecond') RETURNING id`
      return wall.personalToken.findUniqueOrThrow({ where: { id: rows[0]?.id ?? '' }, select: SHOWN })
    },
    async tokens(userId: string) {
      return wall.personalToken.findMany({ where: { userId }, select: SHOWN, orderBy: { createdAt: 'asc' } })
    },
    async revokeToken(userId: string, tokenId: string) {
      return (
        (await wall.$executeRaw`UPDATE "PersonalToken" SET "revokedAt" = now() WHERE id = ${tokenId}::uuid AND "userId" = ${userId} AND "revokedAt" IS NULL`) ===
        1
      )
    },
  }
}
