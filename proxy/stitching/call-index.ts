import { leastRecentlyUsed } from '../../shared/least-recently-used.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import type { CallNode } from './call-node.ts'

/** Calls that later ones may follow, by what these would show of them. */
export type CallIndex = {
  /** @param keys under which the call is found; a call that is known already is replaced */
  add(node: CallNode, keys: readonly string[]): void
  /** @returns the calls under a key, oldest first; they count as used */
  find(key: string): readonly CallNode[]
  get(id: string): CallNode | undefined
  keysOf(id: string): readonly string[]
  readonly size: number
}

export type IndexLimits = {
  readonly calls: number
  /** Without a call that follows it. */
  readonly idleMs: number
}

/** An agent may wait for hours for a person, and a conversation goes on after lunch. */
export const indexLimits: IndexLimits = { calls: 10_000, idleMs: 6 * 3_600_000 }

/** So many calls that fit equally well are as ambiguous as any more. */
const maxPerKey = 32

type Entry = { readonly node: CallNode; readonly keys: readonly string[]; usedAt: number }

/** When it is full the call that was used longest ago is forgotten, and what follows it begins a new run. */
export function createCallIndex(clock: Clock, limits: IndexLimits = indexLimits): CallIndex {
  const byKey = new Map<string, string[]>()
  const entries = leastRecentlyUsed<Entry>(limits.calls, {
    dispose: ({ node, keys }) => {
      for (const key of keys) removeKey(key, node.id)
    },
  })

  function removeKey(key: string, id: string): void {
    const ids = byKey.get(key)?.filter((other) => other !== id) ?? []
    if (ids.length === 0) byKey.delete(key)
    else byKey.set(key, ids)
  }

  function alive(id: string): CallNode | undefined {
    const entry = entries.get(id)
    if (entry === undefined) return undefined
    if (clock.monotonic() - entry.usedAt <= limits.idleMs) {
      entry.usedAt = clock.monotonic()
      return entry.node
    }
    entries.delete(id)
    return undefined
  }

  return {
    add(node, keys) {
      const unique = [...new Set(keys)]
      entries.delete(node.id)
      entries.set(node.id, { node, keys: unique, usedAt: clock.monotonic() })
      for (const key of unique) {
        const ids = byKey.get(key) ?? []
        if (ids.length < maxPerKey && !ids.includes(node.id)) byKey.set(key, [...ids, node.id])
      }
    },
    find: (key) => (byKey.get(key) ?? []).flatMap((id) => alive(id) ?? []),
    get: alive,
    keysOf: (id) => entries.peek(id)?.keys ?? [],
    get size() {
      return entries.size
    },
  }
}
