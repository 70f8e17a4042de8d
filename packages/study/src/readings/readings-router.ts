import { CellRow, ChainedGradeEvent } from '@facetgrade/grading/grade-event'
import { Hash } from '@facetgrade/grading/hash'
import { Text } from '@facetgrade/grading/protocol-text'
import { foldEvents, formCells } from '@facetgrade/grading/reading-cells'
import { z } from 'zod'
import { Proof } from '../people/people-input.ts'
import { router, studyProcedure } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import { AppendInput, appendGrades } from './append-grades.ts'
import { readingForm } from './reading-form.ts'
import { signReading } from './sign-reading.ts'
import { SIGNING_STATEMENT } from './signing-statement.ts'
import { unlockReading } from './unlock-reading.ts'
import { chainFaults, verifyChains, writeCheckpoint } from './verify-chains.ts'

const Head = z.strictObject({ sequence: z.int().nonnegative(), hash: z.string() })
const OwnReading = z.strictObject({
  state: z.enum(['draft', 'signed', 'returned']),
  protocolVersion: z.int(),
  openedAt: z.string(),
  signedAt: z.string().nullable(),
  head: Head,
  answered: z.int(),
  required: z.int(),
  cells: z.array(CellRow),
  events: z.array(ChainedGradeEvent),
  statement: Text,
})
const Acknowledgement = z.strictObject({
  acknowledged: z.array(z.strictObject({ id: z.uuid(), sequence: z.int(), hash: Hash, receivedAt: z.string() })),
  head: Head,
  answered: z.int(),
  required: z.int(),
})

export const readingsRouter = router({
  append: studyProcedure({ roles: ['reader'], input: AppendInput })
    .output(Acknowledgement)
    .mutation(({ ctx, input }) => appendGrades(ctx, input)),
  /** The reader's own reading: its form with what stands in each cell, and every event. */
  show: studyProcedure({ roles: ['reader'], input: { assignmentId: z.uuid() } })
    .output(OwnReading)
    .query(async ({ ctx, input }) => {
      const reading = await ctx.stores.readings.ofAssignment(input.assignmentId)
      if (!reading) throw new StudyError('NOT_FOUND')
      const { protocol, levels } = await readingForm(ctx.stores, ctx.actor.studyId, reading)
      const events = await ctx.stores.readings.events(reading.readingId)
      const { modality, protocolVersion, openedAt, signedAt, head, answered, required } = reading
      return {
        state: signedAt ? 'signed' : reading.returnedAt ? 'returned' : 'draft',
        protocolVersion,
        openedAt,
        signedAt,
        head,
        answered,
        required,
        cells: formCells(protocol, { modality, levels, answers: foldEvents(events) }),
        events: [...events],
        statement: SIGNING_STATEMENT,
      }
    }),
  sign: studyProcedure({
    roles: ['reader'],
    input: {
      assignmentId: z.uuid(),
      head: z.strictObject({ sequence: z.int().positive(), hash: Hash }),
      language: z.enum(['en', 'zh']),
      proof: Proof,
    },
  })
    .output(z.strictObject({ signedAt: z.string(), method: z.enum(['pin', 'totp', 'passkey']) }))
    .mutation(({ ctx, input }) => signReading(ctx, input)),
  /** Whose reading of what is how far; no grade. */
  list: studyProcedure({
    roles: ['investigator', 'monitor'],
    input: { after: z.uuid().optional(), limit: z.int().min(1).max(200).default(100), signed: z.boolean().optional() },
  }).query(async ({ ctx, input }) => {
    const found = await ctx.stores.readings.list(ctx.actor.studyId, {
      after: input.after,
      take: input.limit + 1,
      signed: input.signed,
    })
    const rows = found.slice(0, input.limit)
    return { rows, next: found.length > input.limit ? (rows.at(-1)?.readingId ?? null) : null }
  }),
  unlock: studyProcedure({
    roles: ['investigator'],
    input: { readingId: z.uuid(), reason: z.string().trim().min(5).max(1000) },
  }).mutation(({ ctx, input }) => unlockReading(ctx, input)),
  /** Walks every chain and checkpoint of the study and names what does not hold. */
  verifyChains: studyProcedure({ roles: ['monitor', 'investigator'], input: {} }).query(({ ctx }) =>
    ctx.asSystem((stores) => verifyChains(stores, ctx.actor.studyId)),
  ),
  verifyChain: studyProcedure({ roles: ['monitor', 'investigator'], input: { readingId: z.uuid() } }).query(
    async ({ ctx, input }) => {
      const chain = await ctx.asSystem(({ readings }) => readings.chainOf(input.readingId))
      if (!chain) throw new StudyError('NOT_FOUND')
      return { events: chain.events.length, faults: chainFaults(chain) }
    },
  ),
  /** Seals the heads of all chains beside them, so that a cut or rewritten chain shows at the next verification. */
  checkpoint: studyProcedure({ roles: ['monitor', 'investigator'], input: {} }).mutation(({ ctx }) =>
    ctx.asSystem((stores) => writeCheckpoint(stores, ctx.actor.studyId)),
  ),
})
