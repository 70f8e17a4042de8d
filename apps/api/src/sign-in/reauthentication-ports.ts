import type { Database } from '@facetgrade/db/connect'
import { signInStore } from '@facetgrade/db/people/sign-in-store'
import type { ReauthenticationPorts } from '@facetgrade/study/people/reauthenticate'
import { hashSecret } from '@facetgrade/study/people/secret-text'
import { type AuthenticationResponseJSON, verifyAuthenticationResponse } from '@simplewebauthn/server'
import { symmetricDecrypt } from 'better-auth/crypto'
import { z } from 'zod'
import { stepOf } from './totp.ts'

const Assertion = z.object({
  id: z.string(),
  rawId: z.string(),
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: z.string(),
    authenticatorData: z.string(),
    signature: z.string(),
    userHandle: z.string().optional(),
  }),
})

/** How a person proves themselves again, against what the sign-in library enrolled. */
export function reauthenticationPorts(at: { db: Database; secret: string; origin: string }): ReauthenticationPorts {
  const store = signInStore(at.db)
  return {
    beginPinAttempt: (userId, limit) => store.beginPinAttempt(userId, limit),
    clearPinFailures: (userId) => store.clearPinFailures(userId),

    async useTotp(userId, code) {
      const encrypted = await store.totpSecret(userId)
      if (encrypted === undefined) return false
      const step = stepOf(await symmetricDecrypt({ key: at.secret, data: encrypted }), code, Date.now())
      return step !== undefined && (await store.useTotpStep(userId, step))
    },

    async usePasskey(userId, proof) {
      const held = await store.takeOneTime('passkey-challenge', hashSecret(proof.challengeId))
      const [owner, challenge] = held?.split(' ') ?? []
      const assertion = Assertion.safeParse(proof.response)
      if (owner !== userId || challenge === undefined || !assertion.success) return false
      const passkey = await store.passkey(userId, assertion.data.id)
      if (!passkey) return false
      const verified = await isVerified({
        ...at,
        challenge,
        response: assertion.data as AuthenticationResponseJSON,
        passkey,
      })
      if (verified === undefined) return false
      await store.setPasskeyCounter(passkey.id, verified.newCounter)
      return true
    },
  }
}

type Ceremony = {
  origin: string
  challenge: string
  response: AuthenticationResponseJSON
  passkey: { publicKey: string; counter: number }
}

/** The library throws for every way in which an assertion can be wrong; to a signature they are all the same refusal. */
async function isVerified(ceremony: Ceremony): Promise<{ newCounter: number } | undefined> {
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: ceremony.response,
      expectedChallenge: ceremony.challenge,
      expectedOrigin: ceremony.origin,
      expectedRPID: new URL(ceremony.origin).hostname,
      requireUserVerification: true,
      credential: {
        id: ceremony.response.id,
        publicKey: Uint8Array.from(Buffer.from(ceremony.passkey.publicKey, 'base64')),
        counter: ceremony.passkey.counter,
      },
    })
    return verified ? { newCounter: authenticationInfo.newCounter } : undefined
  } catch {
    return undefined
  }
}
