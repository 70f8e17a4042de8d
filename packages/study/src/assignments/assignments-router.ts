import { patientLevels } from '@facetgrade/grading/level-numbering'
import { Modality } from '@facetgrade/grading/modality'
import { requiredCells } from '@facetgrade/grading/required-cells'
import { z } from 'zod'
import { router, studyProcedure } from '../procedure.ts'
import { createAssignments } from './create-assignments.ts'
import { RETURN_REASONS, reissueCase, returnCase } from './return-case.ts'

/** A reader sees position and modality: nothing that tells one patient's cases to be the same patient's. */
const MyAssignment = z.strictObject({
  assignmentId: z.uuid(),
  position: z.int(),
  modality: Modality,
  state: z.enum(['new', 'draft', 'signed', 'returned']),
  answered: z.int(),
  required: z.int(),
})
const MyAssignments = z.strictObject({
  rows: z.array(MyAssignment),
  next: z.int().nullable(),
  counts: z.strictObject({ total: z.int(), signed: z.int(), returned: z.int() }),
})

export const assignmentsRouter = router({
  create: studyProcedure({ roles: ['investigator'], input: {} }).mutation(({ ctx }) => createAssignments(ctx)),
  /** Counts per reader; no grade. */
  progress: studyProcedure({ roles: ['investigator', 'monitor'], input: {} }).query(async ({ ctx }) => ({
    readers: await ctx.stores.assignments.progress(ctx.actor.studyId),
  })),
  /** The reader's own list in their own order. */
  mine: studyProcedure({
    roles: ['reader'],
    input: { after: z.int().nonnegative().default(0), limit: z.int().min(1).max(200).default(100) },
  })
    .output(MyAssignments)
    .query(async ({ ctx, input }) => {
      const { assignments, protocol: protocols } = ctx.stores
      const found = await assignments.mine(ctx.actor.memberId, { after: input.after, take: input.limit + 1 })
      const { protocol } = await protocols.latest(ctx.actor.studyId)
      const rows = found.slice(0, input.limit).map(({ numbering, required, ...row }) => ({
        ...row,
        required: required ?? requiredCells(protocol, row.modality, patientLevels(protocol, numbering)).length,
      }))
      return {
        rows,
        next: found.length > input.limit ? (rows.at(-1)?.position ?? null) : null,
        counts: await assignments.myCounts(ctx.actor.memberId),
      }
    }),
  return: studyProcedure({
    roles: ['reader'],
    input: {
      assignmentId: z.uuid(),
      reason: z.enum(RETURN_REASONS),
      note: z.string().trim().min(1).max(500).nullable().default(null),
    },
  })
    .output(z.strictObject({ emptied: z.int() }))
    .mutation(({ ctx, input }) => returnCase(ctx, input)),
  /** Cases that readers returned, for those who settle numbering and images. */
  returned: studyProcedure({
    roles: ['coordinator', 'investigator'],
    input: { after: z.uuid().optional(), limit: z.int().min(1).max(200).default(50) },
  }).query(async ({ ctx, input }) => {
    const found = await ctx.asSystem(({ assignments }) =>
      assignments.returnedCases(ctx.actor.studyId, { after: input.after, take: input.limit + 1 }),
    )
    const rows = found.slice(0, input.limit)
    return { rows, next: found.length > input.limit ? (rows.at(-1)?.assignmentId ?? null) : null }
  }),
  reissue: studyProcedure({
    roles: ['coordinator', 'investigator'],
    input: { assignmentId: z.uuid(), note: z.string().trim().min(3).max(500) },
  }).mutation(({ ctx, input }) => reissueCase(ctx, input)),
})
