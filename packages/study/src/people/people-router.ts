import { z } from 'zod'
import type { ReauthenticationProof, Session } from '../actor.ts'
import {
  administratorProcedure,
  openProcedure,
  personProcedure,
  type RequestContext,
  router,
  studyProcedure,
} from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import { acceptInvitation, openInvitation } from './accept-invitation.ts'
import { endMembership } from './end-membership.ts'
import { inviteAccount, inviteAgain, inviteToStudy } from './invite.ts'
import { hashPassword } from './password-hash.ts'
import { checkPassword, checkPin } from './password-rule.ts'
import { Email, Page, PersonName, Proof, Secret, StrongProof, StudyPlace, Why } from './people-input.ts'
import { resetSecondFactor } from './reset-second-factor.ts'
import { hashSecret, newSecret } from './secret-text.ts'

const CHALLENGE_VALID_MS = 5 * 60 * 1000
/** Long enough to touch a new passkey, short enough that a stolen one is worth little. */
const TICKET_VALID_MS = 2 * 60 * 1000
const DAY_MS = 24 * 3600 * 1000
const TOKEN_PREFIX = 'fgt_'

/** Refuses unless the person has just proved who they are: with this proof, or by having signed in this very minute. */
async function demandProof(
  ctx: { session: Session } & Pick<RequestContext, 'reauthenticate'>,
  proof: ReauthenticationProof | null,
): Promise<void> {
  if (proof === null && ctx.session.isFresh === true) return
  if (proof === null || !(await ctx.reauthenticate(ctx.session.userId, proof)))
    throw new StudyError('REAUTHENTICATION_FAILED')
}

const open = {
  userId: '',
  role: 'none',
  studyId: null,
  studyCode: null,
  memberId: null,
  readerGroup: null,
  readerCode: null,
} as const

export const peopleRouter = router({
  /** The person behind the session, also before a second factor is enrolled; null when signed out. */
  me: openProcedure.query(async ({ ctx }) => {
    const { session } = ctx
    if (!session) return null
    return ctx.open({ ...open, userId: session.userId }, async ({ stores }) => {
      const factors = await stores.people.factors(session.userId)
      const notices = session.hasSecondFactor ? await stores.people.notices(session.userId) : []
      const { userId, name, email, isAdministrator, hasSecondFactor } = session
      return {
        userId,
        name,
        email,
        isAdministrator,
        hasSecondFactor,
        isFresh: session.isFresh === true,
        factors,
        notices,
      }
    })
  }),
  seeNotice: personProcedure()
    .input(z.strictObject({ noticeId: z.uuid() }))
    .mutation(async ({ ctx, input }) => {
      if (!(await ctx.stores.people.seeNotice(ctx.session.userId, input.noticeId))) throw new StudyError('NOT_FOUND')
    }),

  // ── Coming in ──
  invitation: openProcedure
    .input(z.strictObject({ secret: Secret }))
    .query(({ ctx, input }) => ctx.open(open, ({ stores }) => openInvitation(stores.people, input.secret))),
  acceptInvitation: openProcedure
    .input(
      z.strictObject({ secret: Secret, name: PersonName, email: Email.optional(), password: z.string().max(1000) }),
    )
    .mutation(({ ctx, input }) =>
      ctx.open(open, ({ stores }) => acceptInvitation(stores, { ...input, email: input.email })),
    ),

  // ── Proving oneself ──
  /** For `navigator.credentials.get`: challenge, the person's own credentials, user verification required. */
  passkeyChallenge: personProcedure().mutation(async ({ ctx }) => {
    const [challenge, challengeId] = [newSecret(), newSecret()]
    await ctx.stores.people.putOneTime({
      purpose: 'passkey-challenge',
      hash: hashSecret(challengeId),
      value: `${ctx.session.userId} ${challenge}`,
      validForMs: CHALLENGE_VALID_MS,
    })
    const { passkeys } = await ctx.stores.people.factors(ctx.session.userId)
    return {
      challengeId,
      challenge,
      allowCredentials: passkeys.map((passkey) => ({ id: passkey.credentialId, type: 'public-key' as const })),
      userVerification: 'required' as const,
    }
  }),
  /** A ticket that the sign-in routes ask for before they change a factor (header x-facetgrade-ticket); used once. */
  reauthenticate: personProcedure()
    .input(z.strictObject({ proof: StrongProof.nullable() }))
    .mutation(async ({ ctx, input }) => {
      await demandProof(ctx, input.proof)
      const ticket = newSecret()
      await ctx.stores.people.putOneTime({
        purpose: 'ticket',
        hash: hashSecret(ticket),
        value: ctx.session.userId,
        validForMs: TICKET_VALID_MS,
      })
      return { ticket, expiresInSeconds: TICKET_VALID_MS / 1000 }
    }),
  setPin: personProcedure()
    .input(z.strictObject({ pin: z.string().max(12), proof: StrongProof.nullable() }))
    .mutation(async ({ ctx, input }) => {
      checkPin(input.pin)
      await demandProof(ctx, input.proof)
      await ctx.stores.people.setPin(ctx.session.userId, await hashPassword(input.pin))
      await ctx.stores.audit.write({ action: 'pin.set', object: 'User', objectId: ctx.session.userId })
    }),
  changePassword: personProcedure()
    .input(z.strictObject({ password: z.string().max(1000), proof: StrongProof.nullable() }))
    .mutation(async ({ ctx, input }) => {
      checkPassword(input.password, ctx.session)
      await demandProof(ctx, input.proof)
      await ctx.stores.people.setPassword(ctx.session.userId, await hashPassword(input.password))
      await ctx.stores.audit.write({ action: 'password.changed', object: 'User', objectId: ctx.session.userId })
    }),
  /** Ends every session of the person, this one too; the number that ended. */
  signOutEverywhere: personProcedure().mutation(async ({ ctx }) => ({
    ended: await ctx.stores.people.endSessions(ctx.session.userId),
  })),

  // ── Personal tokens for the command line ──
  tokens: personProcedure().query(({ ctx }) => ctx.stores.people.tokens(ctx.session.userId)),
  /** The token is in this answer and nowhere else. */
  createToken: personProcedure()
    .input(
      z.strictObject({
        name: z.string().trim().min(1).max(60),
        days: z.int().min(1).max(365).default(90),
        proof: Proof.nullable(),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      await demandProof(ctx, input.proof)
      const token = `${TOKEN_PREFIX}${newSecret()}`
      const row = await ctx.stores.people.createToken({
        userId: ctx.session.userId,
        name: input.name,
        hash: hashSecret(token),
        validForMs: input.days * DAY_MS,
      })
      await ctx.stores.audit.write({ action: 'token.created', object: 'PersonalToken', objectId: row.id })
      return { ...row, token }
    }),
  revokeToken: personProcedure()
    .input(z.strictObject({ tokenId: z.uuid() }))
    .mutation(async ({ ctx, input }) => {
      if (!(await ctx.stores.people.revokeToken(ctx.session.userId, input.tokenId))) throw new StudyError('NOT_FOUND')
      await ctx.stores.audit.write({ action: 'token.revoked', object: 'PersonalToken', objectId: input.tokenId })
    }),

  // ── Members of a study ──
  members: studyProcedure({ roles: ['investigator', 'monitor'], input: Page }).query(({ ctx, input }) =>
    ctx.stores.people.members(ctx.actor.studyId, { after: input.after, take: input.take }),
  ),
  invite: studyProcedure({
    roles: ['investigator'],
    input: { email: Email, name: PersonName, ...StudyPlace },
  }).mutation(({ ctx, input }) =>
    inviteToStudy(ctx.stores, {
      email: input.email,
      name: input.name,
      role: input.role,
      readerGroup: input.readerGroup,
      studyId: ctx.actor.studyId,
      invitedBy: ctx.actor.userId,
    }),
  ),
  /** A new link for a member who has not accepted theirs. */
  inviteAgain: studyProcedure({ roles: ['investigator'], input: { memberId: z.uuid() } }).mutation(
    async ({ ctx, input }) => {
      const member = await ctx.stores.people.member(ctx.actor.studyId, input.memberId)
      if (!member || member.endedAt !== null) throw new StudyError('NOT_FOUND')
      return inviteAgain(ctx.stores, member.userId)
    },
  ),
  endMembership: studyProcedure({ roles: ['investigator'], input: { memberId: z.uuid(), reason: Why } }).mutation(
    ({ ctx, input }) =>
      endMembership(ctx.stores, { studyId: ctx.actor.studyId, memberId: input.memberId, reason: input.reason }),
  ),

  // ── The installation ──
  accounts: administratorProcedure
    .input(z.strictObject(Page))
    .query(({ ctx, input }) => ctx.stores.people.accounts({ after: input.after, take: input.take })),
  inviteAccount: administratorProcedure
    .input(z.strictObject({ email: Email, name: PersonName, isAdministrator: z.boolean().default(false) }))
    .mutation(({ ctx, input }) => inviteAccount(ctx.stores, input)),
  inviteAccountAgain: administratorProcedure
    .input(z.strictObject({ userId: z.string().max(64) }))
    .mutation(({ ctx, input }) => inviteAgain(ctx.stores, input.userId)),
  /** Roles are an administrator's to give in any study: it is how a study gets its first investigator. */
  appoint: administratorProcedure
    .input(z.strictObject({ studyCode: z.string().max(24), email: Email, name: PersonName, ...StudyPlace }))
    .mutation(async ({ ctx, input }) => {
      const studyId = await ctx.stores.people.studyIdOf(input.studyCode)
      if (!studyId) throw new StudyError('NOT_FOUND')
      // A wall of that study's own, so that the audit row lies in its trail.
      const { email, name, role, readerGroup } = input
      return ctx.open({ ...ctx.actor, studyId, studyCode: input.studyCode }, ({ stores }) =>
        inviteToStudy(stores, { email, name, role, readerGroup, studyId, invitedBy: ctx.actor.userId }),
      )
    }),
  resetSecondFactor: administratorProcedure
    .input(z.strictObject({ userId: z.string().max(64), reason: Why }))
    .mutation(({ ctx, input }) =>
      resetSecondFactor(ctx.stores, { userId: input.userId, byUserId: ctx.session.userId, reason: input.reason }),
    ),
})
