import { type LiveCall, maxLiveCalls, stalledAfterMs } from '../../shared/admin/live-calls.ts'
import type { OpenCall } from './call-in-flight.ts'

/** What was shown of a call. */
type Seen = {
  readonly lastAt: number
  /** When it counts as stalled if nothing more comes, ms since 1970. */
  readonly stallsAt: number
  absent: number
}

/** What is different from the last look. */
export type FlightChanges = {
  readonly changed: readonly LiveCall[] /** Ids. */
  readonly gone: readonly string[]
}

/** Knows what has been shown of the calls in flight, so that only what has changed is shown again. */
export type FlightWatch = {
  /** @param open oldest first; only the newest are shown @param now ms since 1970 @param show is called for those that may have changed */
  look(open: readonly OpenCall[], now: number, show: (call: OpenCall) => LiveCall): FlightChanges
  /** The call is over, and is shown by others. @returns whether it has been shown in flight */
  delete(id: string): boolean
  clear(): void
}

/** A call that is over has its record by then, if it has one: what its thread is known for may be looked up in Redis. */
const maxAbsentLooks = 40

export function createFlightWatch(): FlightWatch {
  const seen = new Map<string, Seen>()

  function findChanges(
    open: readonly OpenCall[],
    now: number,
    show: (call: OpenCall) => LiveCall,
  ): LiveCall[] {
    const changed: LiveCall[] = []
    for (const call of open.slice(-maxLiveCalls)) {
      const known = seen.get(call.id)
      if (known !== undefined && known.lastAt === call.lastAt && now <= known.stallsAt) continue
      const shown = show(call)
      seen.set(call.id, { lastAt: call.lastAt, stallsAt: stallsAt(shown), absent: 0 })
      changed.push(shown)
    }
    return changed
  }

  /** A client may leave within its request: then there was no call. */
  function findGone(open: readonly OpenCall[]): string[] {
    const ids = new Set(open.map(({ id }) => id))
    const gone: string[] = []
    for (const [id, known] of seen) {
      known.absent = ids.has(id) ? 0 : known.absent + 1
      if (known.absent > maxAbsentLooks) gone.push(id)
    }
    for (const id of gone) seen.delete(id)
    return gone
  }

  return {
    look: (open, now, show) => ({ changed: findChanges(open, now, show), gone: findGone(open) }),
    delete: (id) => seen.delete(id),
    clear: () => seen.clear(),
  }
}

/** @returns ms since 1970; one that has stalled does not do so again */
function stallsAt({ phase, stalled, lastAt }: LiveCall): number {
  return stalled || phase === 'ended' ? Number.POSITIVE_INFINITY : lastAt + stalledAfterMs[phase]
}
