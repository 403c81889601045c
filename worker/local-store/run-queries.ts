import type { CallQueries, CallSummary } from '../../shared/admin/call-store.ts'
import type { RunSummary } from '../../shared/admin/runs.ts'
import type { CostOf } from '../../shared/pricing/cost-of.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { runTree } from './run-tree.ts'
import type { Groups } from './search.ts'
import { afterEveryKey, runPrefix, type Sublevels, threadPrefix } from './sublevels.ts'
import { summariseRun } from './summarise-run.ts'

/** Fewer characters would find some run for nearly everything. */
const shortIdMinLength = 6

/** Calls of one run whose records are read: a caller may give one trace id to all of its calls. */
const maxDrawn = 1_000

/** Agent runs by summaries alone; only a run in full reads its records. */
export function runQueriesOf(
  sublevels: Sublevels,
  costOf?: CostOf,
): { readonly runs: Groups<RunSummary>; readonly run: CallQueries['run'] } {
  const { records, timeline, threadIndex, runIndex } = sublevels

  function keysFrom(traceId: string, key: string): Promise<readonly string[]> {
    const prefix = runPrefix(traceId)
    return runIndex.values({ gte: `${prefix}${key}`, lt: `${prefix}${afterEveryKey}` }).all()
  }

  async function callsOf(traceId: string): Promise<readonly CallSummary[]> {
    const calls = await timeline.getMany([...(await keysFrom(traceId, ''))])
    return calls.filter((summary) => summary !== undefined)
  }

  /** The turn that the conversation's newest call is in. */
  async function turnsOf({ thread, conversationId, turn }: CallSummary): Promise<number> {
    const prefix = threadPrefix(thread)
    const newestFirst = { gte: prefix, lt: `${prefix}${afterEveryKey}`, reverse: true }
    for await (const key of threadIndex.values(newestFirst)) {
      const call = await timeline.get(key)
      if (call?.conversationId === conversationId) return Math.max(call?.turn ?? 1, turn ?? 1)
    }
    return turn ?? 1
  }

  async function summaryOf(calls: readonly CallSummary[]): Promise<RunSummary | undefined> {
    const first = calls.find(({ conversationId }) => conversationId !== undefined)
    return first && summariseRun(calls, await turnsOf(first))
  }

  /** Of a run, or of a call of one, in full or by its end. */
  async function traceIdOf(id: string): Promise<string | undefined> {
    if (id.length < shortIdMinLength) return undefined
    for await (const call of timeline.values({ reverse: true })) {
      if (call.conversationId === undefined) continue
      if (call.traceId.endsWith(id) || call.id.endsWith(id)) return call.traceId
    }
    return undefined
  }

  async function run(given: string): ReturnType<CallQueries['run']> {
    const id = given.toLowerCase()
    const exact = await callsOf(id)
    const calls = exact.length > 0 ? exact : await callsOf((await traceIdOf(id)) ?? '')
    const summary = await summaryOf(calls)
    if (summary === undefined) return undefined
    const texts = await records.getMany(calls.slice(-maxDrawn).map((call) => call.id))
    const kept = texts.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as InferenceRecord]))
    return { ...summary, spans: runTree(kept, costOf) }
  }

  const runs: Groups<RunSummary> = {
    nameOf: ({ traceId, conversationId }) => (conversationId === undefined ? undefined : traceId),
    keysFrom,
    summaryOf: async (traceId) => summaryOf(await callsOf(traceId)),
  }
  return { runs, run }
}
