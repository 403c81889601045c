import type { CallQuery, CallStore, CallSummary, ThreadSummary } from '../../shared/admin/call-store.ts'
import { afterEveryKey, type Sublevels, threadPrefix, timelineKey } from './sublevels.ts'
import { summariseThread } from './summarise.ts'

/** Queries for calls and threads, newest first, that read no more of the database than they return. */
export function queriesOf({ records, timeline, threadIndex }: Sublevels): CallStore {
  async function calls({ thread, limit, before }: CallQuery): Promise<readonly CallSummary[]> {
    const cursor = before === undefined ? undefined : await records.get(before)
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

  return { threads, calls, call: (id) => records.get(id) }
}
