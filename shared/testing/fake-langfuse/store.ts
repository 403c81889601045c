import type { JsonObject } from '../../json.ts'
import type { AcceptedEvent } from './ingestion-endpoint.ts'
import type { Server } from './modes.ts'
import type { Observation, Trace } from './observation.ts'

/** Why something that got a 200 was not written. */
export type Loss = { readonly reason: 'attribute without value' | 'lone surrogate'; readonly spans: number }

export type Store = ReturnType<typeof createStore>

/** The rows that the fake wrote. */
export function createStore(server: () => Server) {
  const rows: Observation[] = []
  const traces = new Map<string, readonly TraceEvent[]>()
  const observationEvents = new Map<string, readonly AcceptedEvent[]>()
  const losses: Loss[] = []
  const writtenAt = new WeakMap<Observation, number>()
  let readLagMs = 0

  return {
    losses,

    /** Every row ever written, including duplicates. */
    rows: (): readonly Observation[] => rows,

    addLoss: (loss: Loss): number => losses.push(loss),

    addRow(row: Observation): void {
      rows.push(row)
      writtenAt.set(row, Date.now())
    },

    setReadLag(ms: number): void {
      readLagMs = ms
    },

    /** What the read API shows by now: servers write well after they have answered. */
    readable(): readonly Observation[] {
      const until = Date.now() - readLagMs
      return this.observations().filter((row) => (writtenAt.get(row) ?? 0) <= until)
    },

    /** @param at of the event: PostgreSQL merges in the order of arrival, ClickHouse in that of the events */
    addToTrace(trace: Trace, at: string): void {
      const events = traces.get(trace.id) ?? []
      traces.set(trace.id, [...events, { trace, at: server().database === 'postgres' ? '' : at }])
    },

    /**
     * @returns all events of the observation in the order in which they are merged: PostgreSQL merges as they arrive,
     * ClickHouse by the events' own times, what creates before what updates (IngestionService.toTimeSortedEventList)
     */
    addToObservation(event: AcceptedEvent): readonly AcceptedEvent[] {
      const id = String(event.body.id)
      const isPostgres = server().database === 'postgres'
      const others = (observationEvents.get(id) ?? []).filter((other) => isPostgres || other.id !== event.id)
      const events = [...others, event]
      observationEvents.set(id, events)
      return isPostgres ? events : events.sort(byTime)
    },

    /** As read once the database has merged its rows. */
    observations(): readonly Observation[] {
      const keyOf = ({ id, traceId, startTime }: Observation): string =>
        server().appendsOnly ? `${id} ${traceId} ${startTime}` : id
      return [...new Map(rows.map((row) => [keyOf(row), row])).values()]
    },

    traces: (): readonly Trace[] => [...traces.values()].map(mergedTrace),
  }
}

function byTime(a: AcceptedEvent, b: AcceptedEvent): number {
  const order = Date.parse(a.timestamp) - Date.parse(b.timestamp)
  return order === 0 ? Number(b.type.endsWith('-create')) - Number(a.type.endsWith('-create')) : order
}

type TraceEvent = { readonly trace: Trace; readonly at: string }

function mergedTrace(events: readonly TraceEvent[]): Trace {
  const inOrder = [...events].sort((a, b) => a.at.localeCompare(b.at)).map(({ trace }) => trace)
  return inOrder.reduce(mergeTraces)
}

/** Later scalars win, tags unite, metadata merge. */
function mergeTraces(before: Trace, after: Trace): Trace {
  return {
    id: after.id,
    timestamp: after.timestamp,
    environment: after.environment,
    name: after.name ?? before.name,
    userId: after.userId ?? before.userId,
    sessionId: after.sessionId ?? before.sessionId,
    release: after.release ?? before.release,
    isPublic: after.isPublic || before.isPublic,
    input: after.input ?? before.input,
    output: after.output ?? before.output,
    tags: [...new Set([...before.tags, ...after.tags])],
    metadata: { ...before.metadata, ...after.metadata } satisfies JsonObject,
  }
}
