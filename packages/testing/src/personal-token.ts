import { createHash, randomBytes } from 'node:crypto'
import type { connect } from '@facetgrade/db/connect'

/** A personal token as the person would have made it on screen, good for an hour. */
export async function aPersonalToken(db: ReturnType<typeof connect>, userId: string): Promise<string> {
  const token = `fgt_${randomBytes(32).toString('base64url')}`
  const hash = createHash('sha256').update(token).digest('hex')
  await db.personalToken.create({ data: { userId, name: 'test', hash, expiresAt: new Date(Date.now() + 3600_000) } })
  return token
}
