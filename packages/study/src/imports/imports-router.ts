import { Envelope } from '@facetgrade/dicom/envelope'
import { isOutcomeCode, type OutcomeCode } from '@facetgrade/dicom/outcome-codes'
import { Hash } from '@facetgrade/grading/hash'
import { z } from 'zod'
import { router, studyProcedure } from '../procedure.ts'
import { IMPORT_SOURCES, LEDGER_OUTCOMES } from './import-store.ts'
import { beginImport, cancelImport, finishImport, importSettings, reportRefused } from './send-import.ts'
import { listImports, showImport, showLedger } from './show-imports.ts'

const MAX_FILES = 1_000_000
const Index = z.int().nonnegative().max(MAX_FILES)
const Code = z.string().refine((text): text is OutcomeCode => isOutcomeCode(text), 'not an outcome code')
const one = { importId: z.uuid() }
const MAX_PACKS = 200_000

export const importsRouter = router({
  settings: studyProcedure({ roles: ['coordinator'], input: {} }).query(({ ctx }) => importSettings(ctx)),
  begin: studyProcedure({
    roles: ['coordinator'],
    input: {
      source: z.enum(IMPORT_SOURCES),
      keyFingerprint: Envelope.shape.keyFingerprint,
      fileCount: z.int().positive().max(MAX_FILES),
      rosterMac: Hash,
    },
  }).mutation(({ ctx, input }) => beginImport(ctx, input)),
  reportRefused: studyProcedure({
    roles: ['coordinator'],
    input: {
      ...one,
      files: z
        .array(z.strictObject({ index: Index, code: Code }))
        .min(1)
        .max(1000),
    },
  }).mutation(({ ctx, input }) => reportRefused(ctx, input)),
  finish: studyProcedure({
    roles: ['coordinator'],
    input: { ...one, packs: z.array(Index).max(MAX_PACKS) },
  }).mutation(({ ctx, input }) => finishImport(ctx, input)),
  cancel: studyProcedure({ roles: ['coordinator'], input: one }).mutation(({ ctx, input }) => cancelImport(ctx, input)),
  list: studyProcedure({
    roles: ['coordinator', 'investigator', 'monitor'],
    input: { after: z.uuid().optional(), limit: z.int().min(1).max(200).default(50) },
  }).query(({ ctx, input }) => listImports(ctx.stores, { ...input, studyId: ctx.actor.studyId })),
  show: studyProcedure({ roles: ['coordinator', 'investigator', 'monitor'], input: one }).query(({ ctx, input }) =>
    showImport(ctx.stores, input.importId),
  ),
  ledger: studyProcedure({
    roles: ['coordinator', 'investigator', 'monitor'],
    input: {
      ...one,
      outcome: z.enum(LEDGER_OUTCOMES).optional(),
      code: z.string().max(64).optional(),
      after: Index.optional(),
      limit: z.int().min(1).max(200).default(100),
    },
  }).query(({ ctx, input }) => showLedger(ctx.stores, input)),
})
