import { hash, verify } from '@node-rs/argon2'

/** Argon2id, 19 MiB, two passes, one lane: the first choice of OWASP's password storage cheat sheet. Argon2id is 2. */
const OPTIONS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** For passwords and signing PINs alike. */
export const hashPassword = (password: string): Promise<string> => hash(password, OPTIONS)
export const isPassword = (stored: string, password: string): Promise<boolean> => verify(stored, password)
