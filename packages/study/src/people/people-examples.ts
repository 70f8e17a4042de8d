import { type ExamplesOf, NOTHING, naming } from '../example.ts'
import type { peopleRouter } from './people-router.ts'

const secret = 'A'.repeat(43)
const someone = { email: 'someone@example.test', name: 'Someone New' }
const proof = { method: 'totp', code: '000000' }
const password = 'seven-turtles-under-glass'

export const peopleExamples: ExamplesOf<typeof peopleRouter> = {
  me: NOTHING,
  seeNotice: naming('noticeId', 'notice'),
  invitation: { input: { secret } },
  acceptInvitation: { input: { secret, name: 'Someone New', password } },
  passkeyChallenge: NOTHING,
  reauthenticate: { input: { proof } },
  setPin: { input: { pin: '271828', proof } },
  changePassword: { input: { password, proof } },
  signOutEverywhere: NOTHING,
  tokens: NOTHING,
  createToken: { input: { name: 'laptop', proof } },
  revokeToken: naming('tokenId', 'token'),
  members: NOTHING,
  invite: { input: { ...someone, role: 'coordinator' } },
  inviteAgain: naming('memberId', 'invited-member'),
  endMembership: naming('memberId', 'member', { reason: 'left the hospital' }),
  accounts: { input: { take: 10 } },
  inviteAccount: { input: someone },
  inviteAccountAgain: naming('userId', 'person'),
  appoint: naming('studyCode', 'study', { ...someone, role: 'investigator' }),
  resetSecondFactor: naming('userId', 'person', { reason: 'lost the telephone' }),
}
