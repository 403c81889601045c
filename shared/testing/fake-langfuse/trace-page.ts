import type { Json } from '../../json.ts'
import type { Server } from './modes.ts'
import type { Observation, Trace } from './observation.ts'

/** A trace as people meet it: a row of the list of traces, and the head of its page. */
export type TracePage = {
  readonly id: string
  /** In the list; null is shown as "Unnamed trace". */
  readonly name: string | null
  /** On the page: on version 4 the name of the root itself. */
  readonly title: string | null
  readonly input: Json
  readonly output: Json
  readonly tags: readonly string[]
  readonly level: string
  /** Names of observations without a parent among those of the trace. */
  readonly roots: readonly (string | null)[]
}

/** @param rows every row that was written, in order */
export function tracePages(
  { keepsTraces }: Server,
  traces: readonly Trace[],
  observations: readonly Observation[],
  rows: readonly Observation[],
): readonly TracePage[] {
  return [...new Set(observations.map(({ traceId }) => traceId))].map((id) => {
    const own = observations.filter(({ traceId }) => traceId === id)
    const trace = traces.find((candidate) => candidate.id === id)
    const shared = { id, level: worstLevel(own), roots: rootsOf(own).map(({ name }) => name) }
    return keepsTraces && trace !== undefined
      ? { ...shared, ...pick(trace), title: trace.name }
      : {
          ...shared,
          ...ofRoot(
            own,
            rows.filter(({ traceId }) => traceId === id),
          ),
        }
  })
}

const pick = ({ name, input, output, tags }: Trace) => ({ name, input, output, tags })

/** Version 4: the observation without a parent, else the earliest; tags of the one that was written last. */
function ofRoot(own: readonly Observation[], rows: readonly Observation[]) {
  const byStart = [...own].sort((a, b) => a.startTime.localeCompare(b.startTime))
  const root = byStart.find(({ parentObservationId }) => parentObservationId === null) ?? byStart[0]
  const named = rows.findLast(({ trace }) => trace.name !== null)
  const tagged = rows.findLast(({ trace }) => trace.tags.length > 0)
  return {
    name: named?.trace.name ?? root?.name ?? null,
    title: root?.name ?? null,
    input: root?.input ?? null,
    output: root?.output ?? null,
    tags: tagged?.trace.tags ?? [],
  }
}

function rootsOf(own: readonly Observation[]): readonly Observation[] {
  const ids = new Set(own.map(({ id }) => id))
  return own.filter(({ parentObservationId: parent }) => parent === null || !ids.has(parent))
}

function worstLevel(own: readonly Observation[]): string {
  const levels = own.map(({ level }) => level)
  return ['ERROR', 'WARNING'].find((level) => levels.includes(level)) ?? 'DEFAULT'
}
