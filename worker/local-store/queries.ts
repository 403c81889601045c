import type {
  CallDelivery,
  CallDetail,
  CallQuery,
  CallStore,
  CallSummary,
  ThreadSummary,
} from '../../shared/admin/call-store.ts'
import type { CostOf } from '../../shared/pricing/cost-of.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { runQueriesOf } from './run-queries.ts'
import { afterEveryKey, type Sublevels, threadPrefix, timelineKey } from './sublevels.ts'
import { summariseThread } from './summarise.ts'

/** Fewer would find some call for nearly everything. */
const shortIdMinLength = 6

/** Queries for calls and threads, newest first, that read no more of the database than they return. */
export function queriesOf(sublevels: Sublevels, costOf?: CostOf): CallStore {
  const { records, timeline, threadIndex, deliveries } = sublevels
  async function calls({ thread, limit, before }: CallQuery): Promise<readonly CallSummary[]> {
    const cursor = before === undefined ? undefined : await read(before)
    if (before !== undefined && cursor === undefined) return []
    const end = cursor === undefined ? afterEveryKey : timelineKey(cursor)
    if (thread !== undefined) return callsOf(thread, end, limit)
    return timeline.values({ lt: end, reverse: true, limit }).all()
  }

  async function callsOf(thread: string, end: string, limit: number): Promise<readonly CallSummary[]> {
    const prefix = threadPrefix(thread)
    const range = { gte: prefix, lt: `${prefix}${end}`, reverse: true, limit }
    const found = await timeline.getMany(await threadIndex.values(range).all())
    return found.filter((summary) => summary !== undefined)
  }

  async function threads({ limit }: { readonly limit: number }): Promise<readonly ThreadSummary[]> {
    const summaries: ThreadSummary[] = []
    for (const thread of await newestThreads(limit)) {
      const [newest, ...older] = await callsOf(thread, afterEveryKey, Number.POSITIVE_INFINITY)
      if (newest !== undefined) summaries.push(summariseThread([newest, ...older]))
    }
    return summaries
  }

  async function newestThreads(limit: number): Promise<ReadonlySet<string>> {
    const newest = new Set<string>()
    for await (const { thread } of timeline.values({ reverse: true })) {
      newest.add(thread)
      if (newest.size >= limit) break
    }
    return newest
  }

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

  return { threads, calls, call, ...runQueriesOf(sublevels, costOf) }
}
