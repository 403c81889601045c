import type { JsonObject } from '../../json.ts'
import type { Server } from './modes.ts'
import type { Observation, Trace } from './observation.ts'

/** Why something that got a 200 was not written. */
export type Loss = { readonly reason: 'attribute without value' | 'lone surrogate'; readonly spans: number }

export type Store = ReturnType<typeof createStore>

/** The rows that the fake wrote. */
export function createStore(server: () => Server) {
  const rows: Observation[] = []
  const traces = new Map<string, Trace>()
  const losses: Loss[] = []

  return {
    losses,

    /** Every row ever written, including duplicates. */
    rows: (): readonly Observation[] => rows,

    addLoss: (loss: Loss): number => losses.push(loss),

    addRow: (row: Observation): number => rows.push(row),

    /** Later scalars win, tags unite, metadata merge. */
    mergeTrace(trace: Trace): void {
      const before = traces.get(trace.id)
      traces.set(trace.id, before === undefined ? trace : mergeTraces(before, trace))
    },

    /** As read once the database has merged its rows. */
    observations(): readonly Observation[] {
      const keyOf = ({ id, traceId, startTime }: Observation): string =>
        server().appendsOnly ? `${id} ${traceId} ${startTime}` : id
      return [...new Map(rows.map((row) => [keyOf(row), row])).values()]
    },

    traces: (): readonly Trace[] => [...traces.values()],
  }
}

function mergeTraces(before: Trace, after: Trace): Trace {
  return {
    id: after.id,
    timestamp: after.timestamp,
    environment: after.environment,
    name: after.name ?? before.name,
    userId: after.userId ?? before.userId,
    sessionId: after.sessionId ?? before.sessionId,
    release: after.release ?? before.release,
    tags: [...new Set([...before.tags, ...after.tags])],
    metadata: { ...before.metadata, ...after.metadata } satisfies JsonObject,
  }
}
