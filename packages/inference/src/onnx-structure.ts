import { fieldsOf, ProtobufError } from './protobuf-fields.ts'

/** What an ONNX file says of itself, weights left where they are. */
export type OnnxStructure = {
  /** Domain → version; the standard's own domain is `''`. */
  readonly opsets: ReadonlyMap<string, number>
  /** Domains of all operators, those of subgraphs and functions too. */
  readonly domains: ReadonlySet<string>
  readonly hasExternalData: boolean
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
}

/** A dimension without a fixed size is null. */
export type OnnxValue = {
  readonly name: string
  readonly elementType: number
  readonly shape: readonly (number | null)[]
}

/** onnx.proto: TensorProto.FLOAT */
export const FLOAT = 1

const MOST_NESTED = 16

/**
 * Reads the structure of an ONNX model.
 *
 * @throws {ProtobufError} the bytes are no such model
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export function readOnnx(bytes: Uint8Array): OnnxStructure {
  const found: Found = {
    opsets: new Map(),
    domains: new Set(),
    initializers: new Set(),
    hasExternalData: false,
    inputs: [],
    outputs: [],
  }
  let hasGraph = false
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 8) {
      const [domain, version] = opsetOf(message(value))
      found.opsets.set(domain, version)
    }
    if (number === 7) {
      hasGraph = true
      readGraph(message(value), found, 0)
    }
    // Functions of the model's own: their operators count like those of the graph.
    if (number === 25) readFunction(message(value), found)
  }
  if (!hasGraph || found.opsets.size === 0) throw new ProtobufError('no graph')
  return { ...found, inputs: found.inputs.filter(({ name }) => !found.initializers.has(name)) }
}

type Found = {
  opsets: Map<string, number>
  domains: Set<string>
  initializers: Set<string>
  hasExternalData: boolean
  inputs: OnnxValue[]
  outputs: OnnxValue[]
}

function message(value: number | Uint8Array): Uint8Array {
  if (typeof value === 'number') throw new ProtobufError('not a message')
  return value
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function text(value: number | Uint8Array): string {
  try {
    return decoder.decode(message(value))
  } catch {
    throw new ProtobufError('not a text')
  }
}

/** The standard's domain has two names. */
const domainOf = (name: string): string => (name === 'ai.onnx' ? '' : name)

function opsetOf(bytes: Uint8Array): [domain: string, version: number] {
  let domain = ''
  let version = 0
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 1) domain = domainOf(text(value))
    if (number === 2 && typeof value === 'number') version = value
  }
  return [domain, version]
}

function readGraph(bytes: Uint8Array, found: Found, depth: number): void {
  if (depth > MOST_NESTED) throw new ProtobufError('nested too deep')
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 1) readNode(message(value), found, depth)
    if (number === 5) {
      const name = readTensor(message(value), found)
      if (depth === 0) found.initializers.add(name)
    }
    if (number === 15)
      for (const part of fieldsOf(message(value))) if (part.number <= 2) readTensor(message(part.value), found)
    if (depth === 0 && number === 11) found.inputs.push(valueOf(message(value)))
    if (depth === 0 && number === 12) found.outputs.push(valueOf(message(value)))
  }
}

function readFunction(bytes: Uint8Array, found: Found): void {
  for (const { number, value } of fieldsOf(bytes)) if (number === 7) readNode(message(value), found, 1)
}

function readNode(bytes: Uint8Array, found: Found, depth: number): void {
  let domain = ''
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 7) domain = domainOf(text(value))
    if (number !== 5) continue
    for (const attribute of fieldsOf(message(value))) {
      if (attribute.number === 5 || attribute.number === 10) readTensor(message(attribute.value), found)
      if (attribute.number === 6 || attribute.number === 11) readGraph(message(attribute.value), found, depth + 1)
    }
  }
  found.domains.add(domain)
}

/** Its name; notes whether its values lie in another file. */
function readTensor(bytes: Uint8Array, found: Found): string {
  let name = ''
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 8) name = text(value)
    if (number === 13 || (number === 14 && value !== 0)) found.hasExternalData = true
  }
  return name
}

function valueOf(bytes: Uint8Array): OnnxValue {
  let name = ''
  let tensor: Pick<OnnxValue, 'elementType' | 'shape'> = { elementType: 0, shape: [] }
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 1) name = text(value)
    if (number === 2)
      for (const type of fieldsOf(message(value))) if (type.number === 1) tensor = tensorType(message(type.value))
  }
  return { name, ...tensor }
}

function tensorType(bytes: Uint8Array): Pick<OnnxValue, 'elementType' | 'shape'> {
  let elementType = 0
  const shape: (number | null)[] = []
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 1 && typeof value === 'number') elementType = value
    if (number !== 2) continue
    for (const dimension of fieldsOf(message(value))) {
      let size: number | null = null
      for (const part of fieldsOf(message(dimension.value)))
        if (part.number === 1 && typeof part.value === 'number') size = part.value
      shape.push(size)
    }
  }
  return { elementType, shape }
}
