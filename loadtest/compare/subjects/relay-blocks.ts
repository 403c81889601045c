const bucketLine =
  /^threadtap_loop_delay_seconds_bucket\{(?=[^}]*thread="relay")[^}]*le="([^"]+)"[^}]*\} (\S+)$/gm

/**
 * The longest block of the loop that carries the streams, from what a process of threadtap shows at /metrics.
 * @returns a function of each scrape: since the one before it, in ms, rounded up to a bound of the histogram; undefined where
 * the text has no such metric
 */
export function createBlockReader(): (metrics: string) => number | undefined {
  let before: ReadonlyMap<string, number> = new Map()
  return (metrics) => {
    const now = new Map(
      [...metrics.matchAll(bucketLine)].map(([, bound = '', count]) => [bound, Number(count)]),
    )
    const earlier = before
    before = now
    if (now.size === 0) return undefined
    const grown = [...now].map(([bound, count]) => [bound, count - (earlier.get(bound) ?? 0)] as const)
    const all = grown.at(-1)?.[1] ?? 0
    // Counts are cumulative: the first bound that has all of them is above the longest delay.
    const [bound = '0'] = all === 0 ? [] : (grown.find(([, count]) => count === all) ?? [])
    return bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound) * 1_000
  }
}
