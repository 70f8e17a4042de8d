import { TRPC_CODE } from '@facetgrade/study/refusals'
import { StudyError } from '@facetgrade/study/study-error'
import { TRPCError } from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import type { FastifyReply } from 'fastify'

/** A refusal of the study room as a JSON answer with its code; anything else is the server's own failure. */
export async function orRefusal(reply: FastifyReply, work: () => Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof StudyError)) throw error
    const status = getHTTPStatusCodeFromError(new TRPCError({ code: TRPC_CODE[error.code] }))
    return reply.status(status).header('cache-control', 'no-store').send({ code: error.code })
  }
}
