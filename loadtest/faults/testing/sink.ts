import type { CallSummary } from '../../../shared/admin/call-store.ts'
import type { World } from './world.ts'

/** What the sink holds of one call, by its trace id. */
export type Held = {
  /** Generations that people see: more than one is a duplicate. */
  readonly shown: number
  /** Times that the sink was given it: more than one is harmless where it collapses to one. */
  readonly given: number
}

/** What is really there, read from the sink itself and not from any count of threadtap's. */
export async function readSink(world: World, isLocal: boolean): Promise<ReadonlyMap<string, Held>> {
  if (isLocal) return readLocalStore(world)
  const shown = countBy(world.langfuse.observations().filter(isGeneration))
  const given = countBy(world.langfuse.rows().filter(isGeneration))
  return new Map(
    [...shown].map(([traceId, count]) => [traceId, { shown: count, given: given.get(traceId) ?? 0 }]),
  )
}

/** @returns how many generations Langfuse was given again, under whatever id: each call has a trace of its own */
export function countGivenAgain({ langfuse }: World): number {
  const given = langfuse.rows().filter(isGeneration)
  return given.length - new Set(given.map(({ traceId }) => traceId)).size
}

const isGeneration = ({ type }: { readonly type: string }): boolean => type === 'GENERATION'

async function readLocalStore({ proxy }: World): Promise<ReadonlyMap<string, Held>> {
  const calls = await proxy.getJson<readonly CallSummary[]>('/api/calls?limit=1000')
  const counts = countBy(calls)
  return new Map([...counts].map(([traceId, count]) => [traceId, { shown: count, given: count }]))
}

function countBy(rows: readonly { readonly traceId: string }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { traceId } of rows) counts.set(traceId, (counts.get(traceId) ?? 0) + 1)
  return counts
}
