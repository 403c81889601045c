import type { CallDelivery, CallDetail, CallStore, ThreadSummary } from '../../shared/admin/call-store.ts'
import type { CostOf } from '../../shared/pricing/cost-of.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { runQueriesOf } from './run-queries.ts'
import { type Groups, type SearchLimits, searcherOf } from './search.ts'
import { afterEveryKey, type Sublevels, threadPrefix, timelineKey } from './sublevels.ts'
import { summariseThread } from './summarise.ts'

/** Fewer would find some call for nearly everything. */
const shortIdMinLength = 6

/** Queries for calls, threads and runs, newest first. */
export function queriesOf(sublevels: Sublevels, costOf?: CostOf, limits?: SearchLimits): CallStore {
  const { records, deliveries, timeline } = sublevels
  const search = searcherOf(sublevels, limits)
  const { runs, run } = runQueriesOf(sublevels, costOf)
  const threads = threadsOf(sublevels)

  async function read(id: string): Promise<InferenceRecord | undefined> {
    const text = await records.get(id)
    return text === undefined ? undefined : (JSON.parse(text) as InferenceRecord)
  }

  /** Ids sort by their time, so that the newest come first. */
  async function fullId(end: string): Promise<string | undefined> {
    if (end.length < shortIdMinLength) return undefined
    for await (const id of records.keys({ reverse: true })) if (id.endsWith(end)) return id
    return undefined
  }

  async function deliveryOf(record: InferenceRecord): Promise<CallDelivery> {
    const key = timelineKey(record)
    const isCopy = (await timeline.get(key))?.isCopy === true
    return (await deliveries.get(key)) ?? { state: isCopy ? 'pending' : 'local' }
  }

  async function call(id: string): Promise<CallDetail | undefined> {
    const record = (await read(id)) ?? (await read((await fullId(id.toLowerCase())) ?? ''))
    if (record === undefined) return undefined
    const cost = costOf?.(record)
    return { ...record, ...(cost !== undefined && { cost }), delivery: await deliveryOf(record) }
  }

  return {
    threads: async (query) => (await search.groups(threads, query)).found,
    calls: async (query) => (await search.calls(query)).found,
    runs: async (query) => (await search.groups(runs, query)).found,
    call,
    run,
    searchCalls: search.calls,
    searchThreads: (query) => search.groups(threads, query),
    searchRuns: (query) => search.groups(runs, query),
  }
}

function threadsOf({ timeline, threadIndex }: Sublevels): Groups<ThreadSummary> {
  const keysFrom = (thread: string, key: string): Promise<readonly string[]> => {
    const prefix = threadPrefix(thread)
    return threadIndex.values({ gte: `${prefix}${key}`, lt: `${prefix}${afterEveryKey}` }).all()
  }
  return {
    nameOf: ({ thread }) => thread,
    keysFrom,
    async summaryOf(thread) {
      const calls = await timeline.getMany([...(await keysFrom(thread, ''))])
      const [newest, ...older] = calls.filter((summary) => summary !== undefined).reverse()
      return newest && summariseThread([newest, ...older])
    },
  }
}
