/** The decoders ship without types; these are the parts that `jpeg-frame.ts` uses. */
declare module '@cornerstonejs/codec-openjpeg/decode' {
  export type FrameDecoder = {
    getEncodedBuffer(length: number): Uint8Array
    decode(): void
    getDecodedBuffer(): Uint8Array
    delete(): void
  }
  /** Codecs write progress and parts of what they read to the console unless they are given these. */
  export type CodecOptions = { print(line: string): void; printErr(line: string): void }
  export default function load(options: CodecOptions): Promise<{ J2KDecoder: new () => FrameDecoder }>
}
declare module '@cornerstonejs/codec-charls/decode' {
  import type { CodecOptions, FrameDecoder } from '@cornerstonejs/codec-openjpeg/decode'
  export default function load(options: CodecOptions): Promise<{ JpegLSDecoder: new () => FrameDecoder }>
}
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decode' {
  import type { CodecOptions, FrameDecoder } from '@cornerstonejs/codec-openjpeg/decode'
  export default function load(options: CodecOptions): Promise<{ JPEGDecoder: new () => FrameDecoder }>
}
