import type { CallSummary, ThreadSummary } from './call-store.ts'
import type { RunSummary } from './runs.ts'

/** Which calls are meant; what is absent excludes none. Names are compared without regard to case. */
export type CallFilter = {
  /** Anywhere in what was said, in names, ids or errors. */
  readonly text?: string
  /** A part of the model's name. */
  readonly model?: string
  readonly upstream?: string
  readonly user?: string
  readonly session?: string
  readonly agent?: string
  /** Only the calls of this `ThreadSummary`, exactly. */
  readonly thread?: string
  /** Only calls that did not complete. */
  readonly errors?: true
  readonly slowerThanMs?: number
  /** Begun no earlier, ms since 1970. */
  readonly from?: number
  /** Begun earlier, ms since 1970. */
  readonly to?: number
}

export type Search = CallFilter & {
  readonly limit: number
  /** `Found.next` of the page before, or the id of a call. */
  readonly before?: string
}

/**
 * One page of what was found, newest first. A search looks at a bounded number of calls and bytes at a time: a page may have
 * fewer than `limit`, and even none, and yet continue.
 */
export type Found<T> = {
  readonly found: readonly T[]
  /** Where the search goes on; absent where everything that is kept was looked at. */
  readonly next?: string
}

/** Searches recorded calls. Of threads and runs those are found that have such a call, in order of their newest. */
export type CallSearch = {
  searchCalls(search: Search): Promise<Found<CallSummary>>
  searchThreads(search: Search): Promise<Found<ThreadSummary>>
  searchRuns(search: Search): Promise<Found<RunSummary>>
}
