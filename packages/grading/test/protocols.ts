import { readFileSync } from 'node:fs'
import { Protocol, type ProtocolInput } from '../src/protocol.ts'
import type { Scale } from '../src/protocol-document.ts'

const SHIPPED = new URL('../../../protocols/lumbar-facet-joint.json', import.meta.url)

/** The shipped protocol as JSON, a fresh copy each time, to be changed by a test. */
export function shippedDocument(): ProtocolInput {
  return JSON.parse(readFileSync(SHIPPED, 'utf8'))
}

export function shippedProtocol(): Protocol {
  return Protocol.parse(shippedDocument())
}

/**
 * A protocol that differs wherever the engine might have assumed the shipped one: cyst with two levels, erosion with
 * three, osteophytes with five, CT and MR only, three levels of the spine, a global grade, tolerant discordance.
 */
export function otherProtocol(): Protocol {
  const document = shippedDocument()
  const modalities: ProtocolInput['modalities'] = ['ct', 'mr']
  const lengths = { narrowing: 4, hypertrophy: 4, osteophytes: 5, erosion: 3, cyst: 2 }
  const features = document.features.map((question) => {
    const scale = aScale(lengths[question.feature])
    return { ...question, scales: { ct: scale, mr: scale } }
  })
  const table = { hypertrophy: [0, 1, 2, 3], osteophytes: [0, 1, 2, 2, 3], erosion: [0, 2, 3] }
  const label = { en: 'Whole joint', zh: '整个关节' }
  return Protocol.parse({
    ...document,
    modalities,
    levels: ['L3L4', 'L4L5', 'L5S1'],
    features,
    severity: { ...document.severity, tables: { ct: table, mr: table } },
    globalGrade: { label, guidance: label, modalities: ['ct'], scale: aScale(4) },
    copyFromOppositeSide: true,
    discordance: {
      steps: { narrowing: 2, hypertrophy: 1, osteophytes: 2, erosion: 1, cyst: 1, severity: 1 },
      withinTolerance: 'lower',
    },
    eligibility: {
      ...document.eligibility,
      criteria: document.eligibility.criteria.filter(({ proposal }) => proposal?.from !== 'modalities'),
    },
    endpoints: {
      ...document.endpoints,
      cutGrades: document.endpoints.cutGrades.filter(({ modality }) => modality !== 'xray'),
    },
  } satisfies ProtocolInput)
}

function aScale(levels: number): Scale {
  const text = (index: number): { en: string; zh: string } => ({ en: `Level ${index}`, zh: `${index} 级` })
  return Array.from({ length: levels }, (_, index) => ({ label: text(index), definition: text(index) }))
}
