/** The decoders ship without types; these are the parts that `jpeg-frame.ts` uses. */
declare module '@cornerstonejs/codec-openjpeg/decode' {
  export type FrameDecoder = {
    getEncodedBuffer(length: number): Uint8Array
    decode(): void
    getDecodedBuffer(): Uint8Array
    delete(): void
  }
  export default function load(): Promise<{ J2KDecoder: new () => FrameDecoder }>
}
declare module '@cornerstonejs/codec-charls/decode' {
  import type { FrameDecoder } from '@cornerstonejs/codec-openjpeg/decode'
  export default function load(): Promise<{ JpegLSDecoder: new () => FrameDecoder }>
}
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decode' {
  import type { FrameDecoder } from '@cornerstonejs/codec-openjpeg/decode'
  export default function load(): Promise<{ JPEGDecoder: new () => FrameDecoder }>
}
declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    decode(buffer: ArrayBuffer, offset: number, length: number, bytesPerSample: 1 | 2): Uint8Array | Uint16Array
  }
}
