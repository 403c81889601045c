import type { InferenceRecord } from '../shared/record/record.ts'
import type { Clock } from '../shared/timing/clock.ts'
import type { Batcher } from './batcher.ts'
import type { DeadLetters } from './dead-letters/dead-letter-folder.ts'
import type { WorkerEvents } from './events.ts'
import type { Fate } from './fate.ts'
import type { Gate, Pass } from './gate.ts'
import { outcomeOf } from './outcome.ts'
import { type DeliveryFault, failed, forAll, type Send, type Verdict } from './sinks/sink.ts'

/** A record on its way to its fate. */
export type Item = {
  readonly record: InferenceRecord
  readonly origin: string
  readonly bytes: number
  readonly sinceMs: number
  /** Tries that failed for this record while others of its batch went through. */
  setbacks: number
  fate?: Fate
}

type Parts = {
  readonly batcher: Batcher<Item>
  readonly gate: Gate
  readonly send: Send
  readonly deadLetters: DeadLetters
  readonly events: WorkerEvents
  readonly clock: Clock
}

/** Takes the records of one pack; resolves when each has met its fate, or at the signal's abort. */
type Deliver = (
  records: readonly InferenceRecord[],
  origin: string,
  signal: AbortSignal,
) => Promise<ReadonlyMap<InferenceRecord, Fate>>

type Order = { readonly items: ReadonlySet<Item>; readonly finished: () => void }
type Run = { readonly items: readonly Item[]; readonly stop: AbortController }

/** Requests under way at once: enough that a slow sink does not become a slow worker. */
const maxRuns = 4

// An outage uses nothing up. But a record that alone gets a 5xx, again and again, while its neighbours pass,
// would hold its pack back for ever.
const maxSetbacks = 10

/** Moves batches from the batcher through the gate to the sink, and settles each of their records. */
export function createDelivery({ batcher, gate, send, deadLetters, events, clock }: Parts): Deliver {
  const orders = new Set<Order>()
  const runs = new Set<Run>()
  let timer: NodeJS.Timeout | undefined

  /** Starts every batch that is due and admitted; called whenever one of that may have changed. */
  function pump(): void {
    clearTimeout(timer)
    while (runs.size < maxRuns) {
      const dueInMs = batcher.dueInMs(clock.monotonic())
      const opensInMs = gate.opensInMs()
      if (dueInMs === undefined || opensInMs === undefined) return
      const waitMs = Math.max(dueInMs, opensInMs)
      if (waitMs > 0) {
        timer = setTimeout(pump, Math.ceil(waitMs))
        return
      }
      const pass = gate.admit()
      if (pass === undefined) return
      void run({ items: batcher.take(), stop: new AbortController() }, pass)
    }
  }

  async function run(batch: Run, pass: Pass): Promise<void> {
    runs.add(batch)
    events.batchClosed(batch.items.length)
    const verdicts = await attempt(batch)
    const outcome = batch.stop.signal.aborted ? ({ kind: 'abandoned' } as const) : outcomeOf(verdicts)
    gate.report(pass, outcome)
    const settled = await Promise.all(
      batch.items.map((item, place) => settle(item, verdicts[place], outcome.kind === 'passed')),
    )
    runs.delete(batch)
    batcher.putBack(batch.items.filter((_, place) => settled[place] === false))
    for (const order of orders) finishIfDone(order)
    pump()
  }

  async function attempt({ items, stop }: Run): Promise<readonly Verdict[]> {
    try {
      return await send(
        items.map(({ record }) => record),
        stop.signal,
      )
    } catch (cause) {
      if (!stop.signal.aborted) events.batchFailed(cause)
      return forAll(items, failed({ kind: 'retryable', reason: String(cause), sink: 'pipeline' }))
    }
  }

  /** @returns false when the record must be sent again */
  async function settle(item: Item, verdict: Verdict | undefined, sinkWorks: boolean): Promise<boolean> {
    if (item.fate !== undefined) return true
    if (verdict?.ok) {
      events.recordSettled((clock.now() - endOf(item.record)) / 1000)
      item.fate = { kind: 'delivered' }
      return true
    }
    if (verdict === undefined) return false
    const { fault } = verdict
    if (fault.kind === 'unwanted') {
      events.recordDropped(fault.reason)
      item.fate = { kind: 'dropped', reason: fault.reason }
      return true
    }
    if (fault.kind === 'held' || fault.kind === 'retryable') {
      item.setbacks += sinkWorks ? 1 : 0
      if (item.setbacks < maxSetbacks) return false
    }
    const fate = await keep(item, fault)
    // The pack may have been taken back meanwhile; then this record is told as remaining, and stays so.
    item.fate ??= fate
    return true
  }

  async function keep({ record, origin }: Item, fault: DeliveryFault): Promise<Fate> {
    const sink = fault.sink ?? ''
    if (await deadLetters.keep(record, origin, sink, fault.reason)) {
      events.recordDeadLettered(record.id, sink, fault.reason)
      return { kind: 'dead_lettered' }
    }
    events.recordDropped('dead_letters_full')
    return { kind: 'dropped', reason: 'dead_letters_full' }
  }

  function finishIfDone(order: Order): void {
    if (![...order.items].every(({ fate }) => fate !== undefined)) return
    orders.delete(order)
    order.finished()
  }

  function takeBack(order: Order): void {
    for (const item of order.items) item.fate ??= { kind: 'remaining' }
    batcher.withdraw(order.items)
    for (const { items, stop } of runs) {
      if (items.every(({ fate }) => fate !== undefined)) stop.abort()
    }
    finishIfDone(order)
    pump()
  }

  return async (records, origin, signal) => {
    const sinceMs = clock.monotonic()
    const items = records.map(
      (record): Item => ({ record, origin, bytes: sizeOf(record), sinceMs, setbacks: 0 }),
    )
    events.recordsInHand(items.length)
    await new Promise<void>((resolve) => {
      const abort = (): void => takeBack(order)
      const finished = (): void => {
        signal.removeEventListener('abort', abort)
        resolve()
      }
      const order: Order = { items: new Set(items), finished }
      orders.add(order)
      batcher.add(items)
      signal.addEventListener('abort', abort, { once: true })
      if (signal.aborted) abort()
      else finishIfDone(order)
      pump()
    })
    events.recordsInHand(-items.length)
    return new Map(items.map(({ record, fate }) => [record, fate ?? { kind: 'remaining' }]))
  }
}

const sizeOf = (record: InferenceRecord): number => Buffer.byteLength(JSON.stringify(record))

const endOf = ({ times }: InferenceRecord): number => times.startedAt + times.durationMs
