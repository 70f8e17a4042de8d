import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'

const USER_PRESENT = 0x01
const USER_VERIFIED = 0x04
const HAS_CREDENTIAL = 0x40

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8')
const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest()
const base64url = (data: Buffer): string => data.toString('base64url')

/** A passkey in software (WebAuthn Level 3 6.1, 6.5; CBOR written by hand), for tests without a browser. */
export function aPasskey(origin: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const id = randomBytes(32)
  let counter = 0

  const clientData = (type: string, challenge: string): Buffer =>
    bytes(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
  const authenticatorData = (flags: number, rest = Buffer.alloc(0)): Buffer => {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(++counter)
    return Buffer.concat([sha256(bytes(new URL(origin).hostname)), Buffer.from([flags]), count, rest])
  }
  const envelope = { id: base64url(id), rawId: base64url(id), type: 'public-key', clientExtensionResults: {} }

  return {
    register(challenge: string) {
      // COSE_Key: EC2, ES256, P-256, x, y (RFC 9053 7.1.1)
      const key = Buffer.concat([
        Buffer.from('a5010203262001215820', 'hex'),
        Buffer.from(x, 'base64url'),
        Buffer.from('225820', 'hex'),
        Buffer.from(y, 'base64url'),
      ])
      const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, key])
      const data = authenticatorData(USER_PRESENT | USER_VERIFIED | HAS_CREDENTIAL, credential)
      const attestation = Buffer.concat([
        Buffer.from([0xa3, 0x63]),
        bytes('fmt'),
        Buffer.from([0x64]),
        bytes('none'),
        Buffer.from([0x67]),
        bytes('attStmt'),
        Buffer.from([0xa0]),
        Buffer.from([0x68]),
        bytes('authData'),
        Buffer.from([0x58, data.length]),
        data,
      ])
      return {
        ...envelope,
        response: {
          clientDataJSON: base64url(clientData('webauthn.create', challenge)),
          attestationObject: base64url(attestation),
          transports: ['internal'],
        },
      }
    },
    assert(challenge: string, { isUserVerified = true }: { isUserVerified?: boolean } = {}) {
      const data = authenticatorData(USER_PRESENT | (isUserVerified ? USER_VERIFIED : 0))
      const client = clientData('webauthn.get', challenge)
      const signature = createSign('sha256')
        .update(Buffer.concat([data, sha256(client)]))
        .sign(privateKey)
      return {
        ...envelope,
        response: {
          clientDataJSON: base64url(client),
          authenticatorData: base64url(data),
          signature: base64url(signature),
        },
      }
    },
  }
}
