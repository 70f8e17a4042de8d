/** Where a file's bytes go, in order. Resolves when the next piece may come: a slow disk holds the writer back. */
export type ByteSink = { write(bytes: Uint8Array): Promise<void> }

const ENCODER = new TextEncoder()
export const utf8 = (text: string): Uint8Array => ENCODER.encode(text)
