import { type AppRouter, appRouter } from '@facetgrade/study/app-router'
import { callerFactory, type RequestContext } from '@facetgrade/study/procedure'
import { createTRPCClient, type TRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'

/** The client of the shell and of the demo, whose calls do not leave this process; values cross as JSON all the same. */
export function inProcessClient(context: RequestContext): TRPCClient<AppRouter> {
  const createCaller = callerFactory(appRouter)
  const link: TRPCLink<AppRouter> =
    () =>
    ({ op: { path, input } }) =>
      observable((observer) => {
        const [noun = '', name = ''] = path.split('.')
        const caller = createCaller(context) as unknown as Record<
          string,
          Record<string, (input: unknown) => Promise<unknown>>
        >
        const call = caller[noun]?.[name]
        if (!call) throw new RangeError(`no procedure ${path}`)
        call(input).then(
          (data) => {
            const crossed: unknown = data === undefined ? undefined : JSON.parse(JSON.stringify(data))
            observer.next({ result: { type: 'data', data: crossed } })
            observer.complete()
          },
          (error: unknown) => {
            observer.error(TRPCClientError.from(error instanceof Error ? error : new Error(String(error))))
          },
        )
      })
  return createTRPCClient<AppRouter>({ links: [link] })
}
