import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query'

const PAGE_ROWS = 50

type Keyset<Row> = {
  queryKey: QueryKey
  /** One page: the rows behind `after`, at most `take`. */
  page: (at: { after?: string; take: number }) => Promise<readonly Row[]>
  /** The key that the next page starts behind. */
  keyOf: (row: Row) => string
}

/** Rows of a list that pages by key: all that were fetched so far, and the way to more. */
export function useKeyset<Row>({ queryKey, page, keyOf }: Keyset<Row>) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => page({ take: PAGE_ROWS, ...(pageParam === '' ? {} : { after: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: (last) => {
      const end = last.at(-1)
      return last.length < PAGE_ROWS || end === undefined ? undefined : keyOf(end)
    },
  })
  const more = query.hasNextPage
    ? { isLoading: query.isFetchingNextPage, onMore: () => void query.fetchNextPage() }
    : undefined
  return { query, rows: query.data?.pages.flat() ?? [], more }
}
