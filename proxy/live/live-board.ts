import type { CallDelivery } from '../../shared/admin/call-store.ts'
import {
  type LiveCalls,
  type LiveDelivery,
  type LiveSnapshot,
  maxLiveCalls,
  maxViewers,
} from '../../shared/admin/live-calls.ts'
import type { Part } from '../../shared/lifecycle.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import type { OpenCall } from './call-in-flight.ts'
import { createEndedCalls } from './ended-calls.ts'
import { createFlightWatch } from './flight-watch.ts'
import { idsInPack } from './ids-in-pack.ts'
import { type LiveContent, liveCallOf } from './live-call.ts'
import { createViewer, type ViewerQueue } from './viewer.ts'

/**
 * What is going on now, for those who look. As long as nobody does it does nothing at all: calls in flight are looked at a
 * few times a second only while there are viewers, and what they have shown by then is what their observers hold anyway.
 */
export type LiveBoard = LiveCalls &
  Part & {
    /** A call has its record. Neither throws nor waits. */
    recordAccepted(record: InferenceRecord): void
    /** Redis has the pack: the last that is known where the worker runs elsewhere. Neither throws nor waits. */
    packQueued(text: string): void
    /** It is known what became of a record. Neither throws nor waits. */
    deliveryNoted(record: Pick<InferenceRecord, 'id'>, delivery: CallDelivery): void
  }

export type LiveBoardOptions = {
  /** The calls in flight, oldest first. */
  readonly open: () => Iterable<OpenCall>
  readonly content: LiveContent
  readonly clock: Clock
  /** Pause between two looks. */
  readonly everyMs?: number
  readonly heartbeatMs?: number
  /** A viewer that takes nothing for so long is gone; one that is not comes again. */
  readonly forgottenMs?: number
}

export function createLiveBoard(options: LiveBoardOptions): LiveBoard {
  const { open, content, clock, everyMs = 250, heartbeatMs = 15_000, forgottenMs = 60_000 } = options
  const viewers = new Set<ViewerQueue>()
  const inFlight = createFlightWatch()
  const ended = createEndedCalls()
  let timer: NodeJS.Timeout | undefined
  let hasStopped = false

  function look(): void {
    const now = clock.now()
    const { changed, gone } = inFlight.look([...open()], now, (call) => liveCallOf(call.look(), content, now))
    const { changed: over, skipped } = ended.take()
    // Written once, however many look.
    const texts = [...changed, ...over].map((call) => [call.id, JSON.stringify(call)] as const)
    for (const viewer of viewers) {
      offer(viewer, { texts, gone, skipped })
      const since = viewer.waitingSince()
      if (since !== undefined && clock.monotonic() - since > forgottenMs) leave(viewer)
    }
  }

  function watch(): ViewerQueue | undefined {
    if (viewers.size >= maxViewers || hasStopped) return undefined
    const viewer = createViewer(JSON.stringify(snapshotOf(options)), {
      onClose: () => leave(viewer),
      monotonic: clock.monotonic,
      heartbeatMs,
    })
    viewers.add(viewer)
    timer ??= setInterval(look, everyMs)
    // What the snapshot shows must be known as shown.
    look()
    return viewer
  }

  function leave(viewer: ViewerQueue): void {
    if (!viewers.delete(viewer)) return
    viewer.end()
    if (viewers.size > 0) return
    clearInterval(timer)
    timer = undefined
    inFlight.clear()
    ended.clear()
  }

  return {
    name: 'live calls',
    snapshot: () => snapshotOf(options),
    watch,
    recordAccepted(record) {
      if (viewers.size === 0) return
      ended.add(record, inFlight.delete(record.id))
    },
    packQueued(text) {
      if (viewers.size === 0) return
      for (const id of idsInPack(text)) ended.note(id, 'queued')
    },
    deliveryNoted(record, delivery) {
      if (viewers.size > 0) ended.note(record.id, stateOf(delivery))
    },
    stop() {
      hasStopped = true
      for (const viewer of viewers) leave(viewer)
    },
  }
}

type Changes = {
  readonly texts: readonly (readonly [id: string, text: string])[]
  readonly gone: Iterable<string>
  readonly skipped: number
}

function offer(viewer: ViewerQueue, { texts, gone, skipped }: Changes): void {
  for (const [id, text] of texts) viewer.offer(id, text)
  for (const id of gone) viewer.offerGone(id)
  if (skipped > 0) viewer.skip(skipped)
}

function snapshotOf({ open, content, clock }: LiveBoardOptions): LiveSnapshot {
  const now = clock.now()
  const all = [...open()]
  const calls = all.slice(-maxLiveCalls).map((call) => liveCallOf(call.look(), content, now))
  return { at: now, words: wordsOf(content), calls: calls.reverse(), inFlight: all.length }
}

const wordsOf = ({ capture, redactContext }: LiveContent): LiveSnapshot['words'] => {
  if (capture !== 'full') return 'capture_content'
  return redactContext === undefined ? 'shown' : 'redact'
}

/** A record that goes nowhere but into the local store is delivered when it is there. */
const stateOf = ({ state }: CallDelivery): LiveDelivery => {
  if (state === 'local') return 'delivered'
  return state === 'pending' ? 'spooled' : state
}
