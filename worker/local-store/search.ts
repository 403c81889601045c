import type { CallFilter, Found, Search } from '../../shared/admin/call-search.ts'
import type { CallSummary } from '../../shared/admin/call-store.ts'
import { matcherOf } from './call-filter.ts'
import { afterEveryKey, type StoredSummary, type Sublevels, threadPrefix } from './sublevels.ts'
import { textSearch } from './text-search.ts'

/** What one search looks at, at most: summaries, and bytes of records that are searched for a text. */
export type SearchLimits = { readonly calls: number; readonly bytes: number }

const defaultLimits: SearchLimits = { calls: 20_000, bytes: 32 * 1024 * 1024 }

/** Calls that belong together under one name, found by an index of their timeline keys. */
export type Groups<T> = {
  /** @returns undefined for a call that belongs to none */
  nameOf(call: CallSummary): string | undefined
  /** Keys of its calls from `key` on, oldest first. */
  keysFrom(name: string, key: string): Promise<readonly string[]>
  summaryOf(name: string): Promise<T | undefined>
}

/** Searches the timeline from its newest end, or from where the last page ended. */
export function searcherOf(sublevels: Sublevels, limits = defaultLimits) {
  const { timeline } = sublevels

  /** @param take what it returns for a call is a find; undefined passes it over */
  async function scan<T>(
    { limit, before, ...filter }: Search,
    take: (
      call: StoredSummary,
      isWanted: (call: StoredSummary) => Promise<boolean>,
      end: string,
    ) => Promise<T | undefined>,
  ): Promise<Found<T>> {
    const end = await endOf(timeline, before)
    if (end === undefined) return { found: [] }
    const found: T[] = []
    const spent = { calls: 0, bytes: 0 }
    const isWanted = wantedBy(sublevels, filter, spent)
    let next = end
    for await (const [key, call] of newestFirst(sublevels, filter.thread, end)) {
      if (found.length >= limit || spent.calls >= limits.calls || spent.bytes >= limits.bytes)
        return { found, next }
      if (call.startedAt < (filter.from ?? 0)) break
      const taken = await take(call, isWanted, end)
      if (taken !== undefined) found.push(taken)
      spent.calls += 1
      next = key
    }
    return { found }
  }

  return {
    calls: (search: Search): Promise<Found<CallSummary>> =>
      scan(search, async (call, isWanted) => ((await isWanted(call)) ? call : undefined)),

    /** Groups with a call that is meant, in order of the newest such call. */
    groups<T>({ nameOf, keysFrom, summaryOf }: Groups<T>, search: Search): Promise<Found<T>> {
      const seen = new Set<string>()
      return scan(search, async (call, isWanted, end) => {
        const name = nameOf(call)
        if (name === undefined || seen.has(name) || !(await isWanted(call))) return undefined
        seen.add(name)
        const newer = end === afterEveryKey ? [] : await timeline.getMany([...(await keysFrom(name, end))])
        // Found by a newer call, it was on a page before.
        for (const other of newer)
          if (other !== undefined && nameOf(other) === name && (await isWanted(other))) return undefined
        return summaryOf(name)
      })
    },
  }
}

/** @returns whether a call is meant; counts the bytes that it takes to find out */
function wantedBy(
  { records }: Pick<Sublevels, 'records'>,
  filter: CallFilter,
  spent: { bytes: number },
): (call: StoredSummary) => Promise<boolean> {
  const matches = matcherOf(filter)
  const search = filter.text === undefined ? undefined : textSearch(filter.text)
  return async (call) => {
    if (!matches(call)) return false
    if (search === undefined || search.isInSummary(call)) return true
    const text = await records.get(call.id)
    spent.bytes += text?.length ?? 0
    return text !== undefined && search.isInRecord(text)
  }
}

/** @returns the key to look before; undefined where the call that is named is not kept */
async function endOf(
  timeline: Sublevels['timeline'],
  before: string | undefined,
): Promise<string | undefined> {
  if (before === undefined) return afterEveryKey
  if (/^\d{15}-/.test(before)) return before
  for await (const key of timeline.keys({ reverse: true })) if (key.endsWith(`-${before}`)) return key
  return undefined
}

async function* newestFirst(
  { timeline, threadIndex }: Pick<Sublevels, 'timeline' | 'threadIndex'>,
  thread: string | undefined,
  end: string,
): AsyncGenerator<readonly [key: string, call: StoredSummary]> {
  if (thread === undefined) {
    yield* timeline.iterator({ lt: end, reverse: true })
    return
  }
  const prefix = threadPrefix(thread)
  for await (const key of threadIndex.values({ gte: prefix, lt: `${prefix}${end}`, reverse: true })) {
    const call = await timeline.get(key)
    if (call !== undefined) yield [key, call]
  }
}
