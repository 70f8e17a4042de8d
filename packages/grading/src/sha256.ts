/** SHA-256 of the UTF-8 bytes of a text, as 64 lower-case hexadecimal digits. The host brings it: this package does no I/O. */
export type Sha256 = (text: string) => string
