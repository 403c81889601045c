import type { LiveUpdate, LiveViewer } from '../../shared/admin/live-calls.ts'

/** The end of a viewer's line that updates are put into; nothing here waits. */
export type ViewerQueue = LiveViewer & {
  /** Replaces what the queue has of the same call. @param call as JSON */
  offer(id: string, call: string): void
  offerGone(id: string): void
  skip(updates: number): void
  /** There is nothing more. */
  end(): void
  /** Since when there is something that nobody has taken, ms of the clock given; undefined where there is nothing. */
  waitingSince(): number | undefined
}

export type ViewerOptions = {
  readonly onClose: () => void
  /** ms */
  readonly monotonic: () => number
  /** Without anything else a viewer gets a heartbeat, so that one that has gone is noticed. */
  readonly heartbeatMs: number
}

/** Calls that wait for one viewer. What finds no room is left out, and the viewer is told how many. */
const maxWaitingCalls = 500

/** @param snapshot as JSON: what the viewer gets first */
export function createViewer(
  snapshot: string,
  { onClose, monotonic, heartbeatMs }: ViewerOptions,
): ViewerQueue {
  const calls = new Map<string, string>()
  const gone = new Set<string>()
  let first: readonly LiveUpdate[] = [{ event: 'snapshot', data: snapshot }]
  let skipped = 0
  let hasEnded = false
  let since: number | undefined = monotonic()
  let wake: () => void = () => undefined

  function note(): void {
    since ??= monotonic()
    wake()
  }

  function take(): readonly LiveUpdate[] {
    const updates: LiveUpdate[] = [...first]
    if (gone.size > 0) updates.push({ event: 'gone', data: JSON.stringify([...gone]) })
    if (calls.size > 0) updates.push({ event: 'calls', data: `[${[...calls.values()].join()}]` })
    if (skipped > 0) updates.push({ event: 'skipped', data: String(skipped) })
    if (hasEnded) updates.push({ event: 'end' })
    first = []
    gone.clear()
    calls.clear()
    skipped = 0
    since = undefined
    return updates
  }

  return {
    offer(id, call) {
      if (calls.size >= maxWaitingCalls && !calls.has(id)) skipped += 1
      else calls.set(id, call)
      note()
    },
    offerGone(id) {
      calls.delete(id)
      if (gone.size < maxWaitingCalls) gone.add(id)
      note()
    },
    skip(updates) {
      skipped += updates
      note()
    },
    end() {
      hasEnded = true
      note()
    },
    waitingSince: () => since,
    async next() {
      if (since === undefined && !hasEnded) await somethingOr(heartbeatMs)
      const updates = take()
      return updates.length === 0 ? [{ event: 'heartbeat' }] : updates
    },
    close: onClose,
  }

  function somethingOr(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
