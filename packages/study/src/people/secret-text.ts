import { createHash, randomBytes } from 'node:crypto'

/** 256 bits that fit a link and a command line. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** What is stored of a random secret. It has 256 bits of its own: a fast hash is enough. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')
