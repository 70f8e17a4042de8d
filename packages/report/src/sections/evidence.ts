import type { Text } from '@facetgrade/grading/protocol-text'
import { ARTEFACTS, type ArtefactState } from '../checklists/artefacts.ts'
import type { Checklist } from '../checklists/checklist.ts'
import { CLAIM_2024 } from '../checklists/claim-2024.ts'
import { STARD_2015 } from '../checklists/stard-2015.ts'
import { STARD_AI } from '../checklists/stard-ai.ts'
import { TRIPOD_AI } from '../checklists/tripod-ai.ts'
import type { Block, Cell } from './block.ts'
import type { ReportSource } from './report-source.ts'

export const CHECKLISTS: readonly Checklist[] = [STARD_2015, STARD_AI, CLAIM_2024, TRIPOD_AI]

/** Headings and tables that the report has, by id: an item is only answered by what is really there. */
type Places = ReadonlyMap<string, string>

export function placesOf(blocks: readonly Block[]): Places {
  return new Map(
    blocks.flatMap((block): [string, string][] =>
      block.kind === 'heading'
        ? [[block.id, block.text]]
        : block.kind === 'table'
          ? [[block.id, block.caption.split(/[.。]/)[0] ?? block.caption]]
          : [],
    ),
  )
}

/** The 21 artefacts of a reader study: there, to do, not applicable, and where. */
export function artefactsSection(source: ReportSource, places: Places): Block[] {
  const { say, labels } = source
  return [
    { kind: 'heading', level: 1, id: 'artefacts', text: say.section.artefacts },
    {
      kind: 'table',
      id: 'table-artefacts',
      caption: say.section.artefacts,
      columns: [
        { header: '', isNumeric: true, share: 0.3 },
        { header: say.checklist.topic, isNumeric: false, share: 2.2 },
        { header: say.checklist.state, isNumeric: false, share: 0.7 },
        { header: say.checklist.where, isNumeric: false, share: 2 },
      ],
      rows: ARTEFACTS.map((artefact, i): Cell[] => {
        const found = artefact.evidence.filter((id) => places.has(id))
        const state = artefact.state(source) ?? stateOf(found.length, artefact.evidence.length)
        return [
          String(i + 1),
          artefact.title[labels.language],
          say.state[state],
          where(places, found, artefact.more?.[labels.language]),
        ]
      }),
      notes: [],
    },
  ]
}

const stateOf = (found: number, wanted: number): ArtefactState =>
  found === 0 ? 'to_do' : found < wanted ? 'partly' : 'there'

/** Text of the evidence; the cell links to the first of it. */
function where(places: Places, found: readonly string[], more?: string): Cell {
  const names = found.map((id) => places.get(id) ?? '').join('; ')
  const text = [names, more ?? ''].filter((part) => part !== '').join('. ')
  const [first] = found
  return first === undefined ? text : { text, to: first }
}

/** The four guidelines, item by item. */
export function checklistsSection(source: ReportSource, places: Places): Block[] {
  const { say, labels } = source
  const title = (text: Text): string => text[labels.language]
  return [
    { kind: 'heading', level: 1, id: 'checklists', text: say.section.checklists },
    { kind: 'paragraph', text: say.checklist.note },
    ...CHECKLISTS.flatMap((checklist): Block[] => [
      { kind: 'heading', level: 2, id: checklist.id, text: checklist.name },
      {
        kind: 'table',
        id: `table-${checklist.id}`,
        caption: `${checklist.name} (${checklist.citation})`,
        columns: [
          ...(checklist.numbersFrom === null ? [] : [{ header: say.checklist.item, isNumeric: false, share: 0.4 }]),
          { header: say.checklist.topic, isNumeric: false, share: 2.4 },
          { header: say.checklist.state, isNumeric: false, share: 0.7 },
          { header: say.checklist.where, isNumeric: false, share: 1.7 },
        ],
        rows: checklist.items.map((item): Cell[] => {
          const found = item.evidence.filter((id) => places.has(id))
          const state =
            item.by === 'authors' || found.length === 0
              ? `${say.state.to_do}: ${say.checklist.byAuthors}`
              : item.by === 'partly'
                ? say.state.partly
                : say.checklist.auto
          return [
            ...(checklist.numbersFrom === null ? [] : [item.number ?? '']),
            title(item.title),
            state,
            where(places, found),
          ]
        }),
        notes: [
          checklist.numbersFrom === null ? say.checklist.noNumber : `${say.checklist.item}: ${checklist.numbersFrom}`,
        ],
      },
    ]),
  ]
}
