import { Protocol } from '@facetgrade/grading/protocol'
import type { Wall } from '../wall.ts'
import { memberStore } from './member-store.ts'
import { oneTimeStore } from './one-time-store.ts'
import { tokenStore } from './token-store.ts'

type UserRow = { id: string; name: string; email: string; role: string | null; banned: boolean | null }

const ADMINISTRATOR = 'administrator'
const PERSON = 'person'
/** The sign-in library's name for an account that has a password. */
const PASSWORD_PROVIDER = 'credential'

const toPerson = (user: UserRow) => ({
  userId: user.id,
  name: user.name,
  email: user.email,
  isAdministrator: user.role === ADMINISTRATOR,
  isBlocked: user.banned === true,
})
const FACTORS = {
  passkeys: { select: { id: true, name: true, credentialID: true, createdAt: true }, orderBy: { createdAt: 'asc' } },
  twoFactors: { where: { verified: true }, select: { id: true } },
  pin: { select: { userId: true } },
} as const
type FactorRows = {
  passkeys: { id: string; name: string | null; credentialID: string; createdAt: Date | null }[]
  twoFactors: unknown[]
  pin: unknown
  twoFactorEnabled: boolean | null
}
const toFactors = (user: FactorRows) => ({
  hasTotp: user.twoFactorEnabled === true && user.twoFactors.length > 0,
  passkeys: user.passkeys.map(({ id, name, credentialID, createdAt }) => ({
    id,
    name,
    credentialId: credentialID,
    createdAt,
  })),
  hasPin: user.pin !== null,
})

/** Accounts, factors, one-time secrets, members and tokens. The tables of the sign-in library are shared with it. */
export function peopleStore(wall: Wall) {
  return {
    ...oneTimeStore(wall),
    ...memberStore(wall),
    ...tokenStore(wall),

    async find(userId: string) {
      const user = await wall.user.findUnique({ where: { id: userId } })
      return user ? toPerson(user) : undefined
    },
    async findByEmail(email: string) {
      const user = await wall.user.findUnique({ where: { email } })
      return user ? toPerson(user) : undefined
    },
    async isInstallationNew() {
      return (await wall.account.count({ where: { providerId: PASSWORD_PROVIDER } })) === 0
    },
    async createPerson(person: { name: string; email: string; isAdministrator: boolean }) {
      const { name, email } = person
      return toPerson(
        await wall.user.create({
          data: { id: crypto.randomUUID(), name, email, role: person.isAdministrator ? ADMINISTRATOR : PERSON },
        }),
      )
    },
    async setAdministrator(userId: string, isAdministrator: boolean) {
      await wall.user.update({ where: { id: userId }, data: { role: isAdministrator ? ADMINISTRATOR : PERSON } })
    },
    async setPassword(userId: string, passwordHash: string, name?: string) {
      await wall.user.update({
        where: { id: userId },
        data: { emailVerified: true, ...(name === undefined ? {} : { name }) },
      })
      const { count } = await wall.account.updateMany({
        where: { userId, providerId: PASSWORD_PROVIDER },
        data: { password: passwordHash },
      })
      if (count > 0) return
      await wall.account.create({
        data: {
          id: crypto.randomUUID(),
          accountId: userId,
          providerId: PASSWORD_PROVIDER,
          userId,
          password: passwordHash,
        },
      })
    },
    async passwordHash(userId: string) {
      const account = await wall.account.findFirst({
        where: { userId, providerId: PASSWORD_PROVIDER },
        select: { password: true },
      })
      return account?.password ?? undefined
    },
    async accounts(page: { after: string | undefined; take: number }) {
      const users = await wall.user.findMany({
        ...(page.after === undefined ? {} : { where: { id: { gt: page.after } } }),
        orderBy: { id: 'asc' },
        take: page.take,
        include: { ...FACTORS, accounts: { where: { providerId: PASSWORD_PROVIDER }, select: { id: true } } },
      })
      return users.map((user) => ({
        ...toPerson(user),
        factors: toFactors(user),
        createdAt: user.createdAt,
        hasAccepted: user.accounts.length > 0,
      }))
    },
    async endSessions(userId: string) {
      return (await wall.session.deleteMany({ where: { userId } })).count
    },
    async factors(userId: string) {
      const user = await wall.user.findUnique({ where: { id: userId }, select: { twoFactorEnabled: true, ...FACTORS } })
      return user ? toFactors(user) : { hasTotp: false, passkeys: [], hasPin: false }
    },
    async removeFactors(userId: string) {
      await wall.twoFactor.deleteMany({ where: { userId } })
      await wall.passkey.deleteMany({ where: { userId } })
      await wall.signingPin.deleteMany({ where: { userId } })
      await wall.user.update({ where: { id: userId }, data: { twoFactorEnabled: false } })
      await wall.$executeRaw`UPDATE "PersonalToken" SET "revokedAt" = now() WHERE "userId" = ${userId} AND "revokedAt" IS NULL`
    },
    async setPin(userId: string, hash: string) {
      const fresh = { hash, failures: 0, lockedUntil: null }
      await wall.signingPin.upsert({ where: { userId }, create: { userId, ...fresh }, update: fresh })
    },
    async addNotice(userId: string, code: string) {
      await wall.userNotice.create({ data: { userId, code } })
    },
    async notices(userId: string) {
      return wall.userNotice.findMany({
        where: { userId, seenAt: null },
        select: { id: true, code: true, createdAt: true },
        orderBy: { id: 'asc' },
      })
    },
    async seeNotice(userId: string, noticeId: string) {
      return (
        (await wall.$executeRaw`UPDATE "UserNotice" SET "seenAt" = now() WHERE id = ${noticeId}::uuid AND "userId" = ${userId} AND "seenAt" IS NULL`) ===
        1
      )
    },
    async readerGroups(studyId: string) {
      const latest = await wall.protocolVersion.findFirst({
        where: { studyId },
        orderBy: { version: 'desc' },
        select: { document: true },
      })
      return latest
        ? Protocol.parse(latest.document).readerGroups.map(({ name, codePrefix }) => ({ name, codePrefix }))
        : []
    },
  }
}
