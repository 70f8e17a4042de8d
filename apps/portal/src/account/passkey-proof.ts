import type { Inputs, Outputs } from '../shell/trpc.ts'

type Challenge = Outputs['people']['passkeyChallenge']
export type PasskeyProof = Extract<Inputs['people']['createToken']['proof'], { method: 'passkey' }>

export const hasPasskeys = (): boolean =>
  'PublicKeyCredential' in window && 'parseRequestOptionsFromJSON' in PublicKeyCredential

/**
 * One touch of a passkey over the server's challenge; undefined when the person cancelled or no passkey fits
 * (Web Authentication Level 3, 5.1.4: the browser does not tell the two apart).
 */
export async function passkeyProof(challenge: Challenge): Promise<PasskeyProof | undefined> {
  const { challengeId, ...options } = challenge
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({
    ...options,
    allowCredentials: options.allowCredentials.map((credential) => ({ ...credential })),
  })
  try {
    const credential = await navigator.credentials.get({ publicKey })
    if (!(credential instanceof PublicKeyCredential)) return undefined
    return { method: 'passkey', challengeId, response: credential.toJSON() }
  } catch (error) {
    if (error instanceof DOMException) return undefined
    throw error
  }
}
