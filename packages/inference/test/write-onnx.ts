/** Writes small ONNX models byte by byte, so that tests need no Python. Field numbers are those of onnx.proto. */
export type OnnxNode = {
  op: string
  inputs: readonly string[]
  outputs: readonly string[]
  domain?: string
  attributes?: Readonly<Record<string, number | readonly number[]>>
}
type Constant =
  | { name: string; shape: readonly number[]; values: Float32Array; isExternal?: boolean }
  | { name: string; integers: readonly number[] }
export type OnnxField = { name: string; shape: readonly number[] }

export const field = (name: string, shape: readonly number[]): OnnxField => ({ name, shape })

export function onnxModel(
  opset: number,
  graph: {
    nodes: readonly OnnxNode[]
    inputs: readonly OnnxField[]
    outputs: readonly OnnxField[]
    constants: readonly Constant[]
  },
): Uint8Array {
  const domains = new Set(graph.nodes.map(({ domain }) => domain ?? ''))
  return message(
    number(1, 8),
    text(2, 'facetgrade-test'),
    bytes(
      7,
      message(
        ...graph.nodes.map((node) => bytes(1, nodeOf(node))),
        text(2, 'tiny'),
        ...graph.constants.map((constant) => bytes(5, constantOf(constant))),
        ...graph.inputs.map((one) => bytes(11, valueOf(one))),
        ...graph.outputs.map((one) => bytes(12, valueOf(one))),
      ),
    ),
    ...[...domains].map((domain) =>
      bytes(8, message(...(domain ? [text(1, domain)] : []), number(2, domain ? 1 : opset))),
    ),
  )
}

const nodeOf = ({ op, inputs, outputs, domain, attributes = {} }: OnnxNode): Uint8Array =>
  message(
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) =>
      bytes(
        5,
        typeof value === 'number'
          ? message(text(1, name), number(3, value), number(20, 2))
          : message(text(1, name), ...value.map((one) => number(8, one)), number(20, 7)),
      ),
    ),
    ...(domain ? [text(7, domain)] : []),
  )

function constantOf(constant: Constant): Uint8Array {
  if ('integers' in constant) {
    const raw = new BigInt64Array(constant.integers.map(BigInt))
    return message(number(1, raw.length), number(2, 7), text(8, constant.name), bytes(9, new Uint8Array(raw.buffer)))
  }
  const { name, shape, values, isExternal } = constant
  return message(
    ...shape.map((size) => number(1, size)),
    number(2, 1),
    text(8, name),
    ...(isExternal
      ? [bytes(13, message(text(1, 'location'), text(2, 'weights.bin'))), number(14, 1)]
      : [bytes(9, new Uint8Array(values.buffer))]),
  )
}

/** A float tensor with a free batch. */
const valueOf = ({ name, shape }: OnnxField): Uint8Array =>
  message(
    text(1, name),
    bytes(
      2,
      message(
        bytes(
          1,
          message(
            number(1, 1),
            bytes(
              2,
              message(bytes(1, message(text(2, 'batch'))), ...shape.map((size) => bytes(1, message(number(1, size))))),
            ),
          ),
        ),
      ),
    ),
  )

const message = (...fields: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(fields))

function varint(value: number): Uint8Array {
  const out: number[] = []
  let rest = value
  while (rest >= 0x80) {
    out.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  return Uint8Array.from([...out, rest])
}

const number = (tag: number, value: number): Uint8Array => message(varint(tag * 8), varint(value))
const bytes = (tag: number, value: Uint8Array): Uint8Array => message(varint(tag * 8 + 2), varint(value.length), value)
const text = (tag: number, value: string): Uint8Array => bytes(tag, new TextEncoder().encode(value))
