import type { Block } from './block.ts'
import { artefactsSection, checklistsSection, placesOf } from './evidence.ts'
import { facts } from './facts.ts'
import { limitations } from './limitations.ts'
import { methodsSection } from './methods.ts'
import type { ReportSource } from './report-source.ts'
import { resultsSection } from './results.ts'

/** The whole report, before it is written as HTML, PDF or DOCX. */
export function reportBlocks(source: ReportSource): Block[] {
  const { say } = source
  const body: Block[] = [
    ...source.warning.map((text): Block => ({ kind: 'warning', text })),
    { kind: 'heading', level: 1, id: 'facts', text: say.section.facts },
    facts(source),
    ...methodsSection(source),
    ...resultsSection(source),
    { kind: 'paragraph', text: say.table.everyRow },
    { kind: 'heading', level: 1, id: 'limitations', text: say.section.limitations },
    { kind: 'list', items: limitations(source) },
  ]
  const places = placesOf(body)
  const withEvidence = new Map([...places, ['checklists', say.section.checklists] as const])
  return [...body, ...artefactsSection(source, withEvidence), ...checklistsSection(source, places)]
}

/** Numbers of tables and figures in the order in which they stand. */
export function numbered(blocks: readonly Block[]): ReadonlyMap<Block, number> {
  const numbers = new Map<Block, number>()
  const next = { table: 0, figure: 0 }
  for (const block of blocks) {
    if (block.kind === 'table' || block.kind === 'figure') numbers.set(block, ++next[block.kind])
  }
  return numbers
}
