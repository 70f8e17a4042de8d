/** Units grouped by patient: `of[i]` is the cluster of unit i, 0 up to `count` less one in order of first appearance. */
export type Clusters = { readonly of: Int32Array; readonly count: number }

export type ClusterId = string | number

export function clustersOf(ids: readonly ClusterId[]): Clusters {
  const index = new Map<ClusterId, number>()
  const of = new Int32Array(ids.length)
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] as ClusterId
    let cluster = index.get(id)
    if (cluster === undefined) {
      cluster = index.size
      index.set(id, cluster)
    }
    of[i] = cluster
  }
  return { of, count: index.size }
}

/** The clusters that the kept units fall into, renumbered: the domain of a sensitivity is patients with a positive joint. */
export function restrictClusters(clusters: Clusters, kept: ArrayLike<number>): Clusters {
  const renumbered = new Int32Array(clusters.count).fill(-1)
  const of = new Int32Array(kept.length)
  let count = 0
  for (let i = 0; i < kept.length; i++) {
    const cluster = clusters.of[kept[i] as number] as number
    if (renumbered[cluster] === -1) renumbered[cluster] = count++
    of[i] = renumbered[cluster] as number
  }
  return { of, count }
}

/** @throws {RangeError} when the clusters describe another number of units */
export function assertUnits(clusters: Clusters, n: number, who: string): void {
  if (clusters.of.length !== n) throw new RangeError(`${who}: ${n} units but ${clusters.of.length} cluster ids`)
}

/** Sum of a value over the units of each cluster. */
export function sumByCluster(values: ArrayLike<number>, clusters: Clusters): Float64Array {
  const sums = new Float64Array(clusters.count)
  for (let i = 0; i < values.length; i++) {
    const k = clusters.of[i] as number
    sums[k] = (sums[k] as number) + (values[i] as number)
  }
  return sums
}
