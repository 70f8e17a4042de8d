import type { StudyKind } from '@facetgrade/bundle/table'
import type { Protocol } from '@facetgrade/grading/protocol'
import type { ExportTable } from './bound-table.ts'
import { consensusTable } from './tables/consensus-table.ts'
import { examTable } from './tables/exam-table.ts'
import { gradeEventTable } from './tables/grade-event-table.ts'
import { gradeTable } from './tables/grade-table.ts'
import { jointTable } from './tables/joint-table.ts'
import { orderTable } from './tables/order-table.ts'
import { patientTable } from './tables/patient-table.ts'
import { predictionTable } from './tables/prediction-table.ts'
import { referenceTable } from './tables/reference-table.ts'
import { splitTable } from './tables/split-table.ts'
import { truthTable } from './tables/truth-table.ts'

/** Every table that is exported row by row, under the protocol in force. */
export function exportTables(protocol: Protocol, kind: StudyKind): ExportTable[] {
  const tables = [
    patientTable(protocol),
    splitTable,
    examTable,
    orderTable,
    gradeTable,
    jointTable,
    gradeEventTable,
    consensusTable,
    referenceTable,
    predictionTable,
    ...(kind === 'real' ? [] : [truthTable]),
  ]
  return tables.map((bind) => bind(kind))
}
