import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LiveCall, LiveUpdate, LiveViewer } from '../../shared/admin/live-calls.ts'
import { maxLiveCalls, maxViewers, stalledAfterMs } from '../../shared/admin/live-calls.ts'
import { sampleRecord } from '../../shared/admin/testing/sample-record.ts'
import type { CallContext, InferenceRecord } from '../../shared/record/record.ts'
import { type StillClock, stillClock } from '../../shared/testing/still-clock.ts'
import { aCall } from '../observe/testing/exchange.ts'
import type { CallInFlight, OpenCall } from './call-in-flight.ts'
import { createLiveBoard, type LiveBoardOptions } from './live-board.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const everyMs = 100

/** A board over calls that a test changes. */
function aBoard(options: Partial<LiveBoardOptions> = {}) {
  const clock = stillClock()
  const open = new Map<string, GrowingCall>()
  const board = createLiveBoard({
    open: () => open.values(),
    content: { capture: 'full' },
    clock,
    everyMs,
    heartbeatMs: 1_000,
    ...options,
  })
  async function pass(ms = everyMs): Promise<void> {
    clock.advance(ms)
    await vi.advanceTimersByTimeAsync(ms)
  }
  function begin(id: string, context: Partial<CallContext> = {}): GrowingCall {
    const call = new GrowingCall(id, clock, context)
    open.set(id, call)
    return call
  }
  return { board, clock, open, pass, begin }
}

/** A call in flight whose answer a test writes. */
class GrowingCall implements OpenCall {
  looks = 0
  lastAt: number
  #text = ''
  readonly id: string
  readonly #clock: StillClock
  readonly #context: Partial<CallContext>
  readonly #began: { readonly wall: number; readonly monotonic: number }

  constructor(id: string, clock: StillClock, context: Partial<CallContext>) {
    this.id = id
    this.#clock = clock
    this.#context = context
    this.#began = { wall: clock.now(), monotonic: clock.monotonic() }
    this.lastAt = clock.monotonic()
  }

  write(text: string): void {
    this.#clock.advance(1)
    this.#text += text
    this.lastAt = this.#clock.monotonic()
  }

  look(): CallInFlight {
    this.looks += 1
    const { id, lastAt } = this
    const { wall, monotonic } = this.#began
    const context = { tags: [], metadata: {}, ...this.#context }
    const text = this.#text
    return {
      begin: { ...begun, id, startedAt: wall },
      startedAt: monotonic,
      lastAt,
      call: aCall({ id, context, body: { model: 'm', stream: true } }),
      progress: {
        bodyBytes: text.length,
        characters: text.length,
        tail: text,
        usage: { provenance: 'missing' },
        ...(text !== '' && { firstByteAt: monotonic + 5, firstTokenAt: monotonic + 5 }),
      },
    }
  }
}

const begun = {
  upstream: 'default',
  operation: 'chat',
  route: '/v1/chat/completions',
  pathThread: '',
  freshTraceId: '',
  method: 'POST',
  body: 'held',
  headers: [],
} as const

const watching = (viewer: LiveViewer | undefined): LiveViewer => {
  if (viewer === undefined) throw new Error('no viewer was let in')
  return viewer
}

/** Calls in what a viewer was given, by their ids. */
function callsIn(updates: readonly LiveUpdate[]): Map<string, LiveCall> {
  const calls = updates.flatMap((update) =>
    update.event === 'calls' ? (JSON.parse(update.data) as LiveCall[]) : [],
  )
  return new Map(calls.map((call) => [call.id, call]))
}

const eventsOf = (updates: readonly LiveUpdate[]): string[] => updates.map(({ event }) => event)

/** A record of which nothing may be read. */
const untouchable = new Proxy({} as InferenceRecord, {
  get: (_, field) => {
    throw new Error(`${String(field)} was read`)
  },
})

test('nobody looks: no timer runs, no call is looked at, and ended calls cost nothing', async () => {
  const { board, pass, begin } = aBoard()
  const call = begin('a')
  board.recordAccepted(untouchable)
  board.deliveryNoted(untouchable, { state: 'delivered', at: 0 })
  board.packQueued('{"records":[{"id":"a"}]}')
  await pass(10_000)
  expect([call.looks, vi.getTimerCount()]).toEqual([0, 0])
})

test('a viewer gets what is in flight, and then what changes of it, a few times a second', async () => {
  const { board, pass, begin } = aBoard()
  const call = begin('a', { threadId: 'thread', userId: 'ada' })
  const viewer = watching(board.watch())
  const [first] = await viewer.next()
  const snapshot = first?.event === 'snapshot' ? JSON.parse(first.data) : {}
  expect(snapshot).toMatchObject({
    words: 'shown',
    inFlight: 1,
    calls: [
      { id: 'a', threadId: 'thread', userId: 'ada', model: 'm', phase: 'waiting', delivery: 'in_flight' },
    ],
  })
  for (const word of ['High ', 'at ', 'noon']) call.write(word)
  await pass()
  const changed = callsIn(await viewer.next())
  expect(changed.get('a')).toMatchObject({ phase: 'answering', characters: 12, lastWords: 'High at noon' })
})

test('a call that has not changed is not looked at again', async () => {
  const { board, pass, begin } = aBoard()
  const call = begin('a')
  board.watch()
  const { looks } = call
  await pass()
  await pass()
  expect(call.looks).toBe(looks)
})

test('a call that ends is shown with its ending, then with what became of its record', async () => {
  const { board, pass, begin, open } = aBoard()
  begin('a')
  const viewer = watching(board.watch())
  await viewer.next()
  open.delete('a')
  board.recordAccepted(sampleRecord({ id: 'a' }))
  await pass()
  expect(callsIn(await viewer.next()).get('a')).toMatchObject({
    phase: 'ended',
    ending: 'completed',
    tokens: { input: 12, output: 5 },
    lastWords: 'High at noon.',
    delivery: 'spooled',
  })
  board.deliveryNoted({ id: 'a' }, { state: 'dead_lettered', at: 0 })
  await pass()
  expect(callsIn(await viewer.next()).get('a')?.delivery).toBe('dead_lettered')
})

test('a record that Redis has is queued, unless a worker was faster', async () => {
  const { board, pass, begin, open } = aBoard()
  for (const id of ['a', 'b', 'c']) begin(id)
  const viewer = watching(board.watch())
  await viewer.next()
  open.clear()
  for (const id of ['a', 'b', 'c']) board.recordAccepted(sampleRecord({ id }))
  board.deliveryNoted({ id: 'b' }, { state: 'delivered', at: 0 })
  board.packQueued(JSON.stringify({ records: [{ id: 'a' }, { id: 'b' }, { id: 'unknown' }, 7] }))
  board.packQueued('no JSON')
  await pass()
  const calls = callsIn(await viewer.next())
  expect(['a', 'b', 'c', 'unknown'].map((id) => calls.get(id)?.delivery)).toEqual([
    'queued',
    'delivered',
    'spooled',
    undefined,
  ])
})

test('the name of an agent that was found shows once its call is over', async () => {
  const { board, pass, begin, open } = aBoard()
  begin('a')
  const viewer = watching(board.watch())
  await viewer.next()
  open.delete('a')
  const agent = { spanId: '00f067aa0ba902b7', startedAt: 0, name: 'agent_trip_planner' }
  board.recordAccepted(sampleRecord({ id: 'a', run: { conversationId: 'c', turn: 1, step: 1, agent } }))
  await pass()
  expect(callsIn(await viewer.next()).get('a')?.agent).toBe('agent_trip_planner')
})

test('a call that never has a record is taken back', async () => {
  const { board, pass, begin, open } = aBoard()
  begin('a')
  const viewer = watching(board.watch())
  await viewer.next()
  open.delete('a')
  await pass(10_000)
  expect(await viewer.next()).toEqual([{ event: 'gone', data: '["a"]' }])
})

test('a call of which nothing comes for long is shown as stalled, once', async () => {
  const { board, pass, begin } = aBoard()
  const [silent, cut] = [begin('silent'), begin('cut')]
  const viewer = watching(board.watch())
  cut.write('High ')
  await pass(everyMs)
  await viewer.next()
  await pass(stalledAfterMs.answering + everyMs)
  expect([...callsIn(await viewer.next()).values()]).toMatchObject([{ id: 'cut', stalled: true }])
  await pass(stalledAfterMs.waiting)
  expect([...callsIn(await viewer.next()).values()]).toMatchObject([{ id: 'silent', stalled: true }])
  const looks = [silent.looks, cut.looks]
  await pass(1_000)
  expect([silent.looks, cut.looks]).toEqual(looks)
  cut.write('at noon')
  await pass()
  const updates = await viewer.next()
  expect(callsIn(updates).get('cut')?.stalled).toBeUndefined()
})

test('a viewer that takes nothing holds the last state of each call once, and is told how many were left out', async () => {
  const { board, pass, begin } = aBoard({ forgottenMs: 3_600_000 })
  const call = begin('a')
  const viewer = watching(board.watch())
  for (let round = 0; round < 20; round++) {
    call.write('x')
    for (let n = 0; n < 300; n++) board.recordAccepted(sampleRecord({ id: `${round}-${n}` }))
    await pass()
  }
  const updates = await viewer.next()
  const calls = callsIn(updates)
  const skipped = updates.find(({ event }) => event === 'skipped')
  expect(calls.size).toBe(maxLiveCalls)
  expect(calls.get('a')?.characters).toBe(20)
  expect(calls.size - 1 + Number(skipped?.event === 'skipped' ? skipped.data : 0)).toBe(20 * 300)
})

test('a viewer that has taken nothing for a minute is let go, and one that does stays', async () => {
  const { board, pass, begin } = aBoard({ forgottenMs: 60_000 })
  const call = begin('a')
  const [forgotten, present] = [watching(board.watch()), watching(board.watch())]
  for (let second = 0; second < 62; second++) {
    call.write('x')
    await present.next()
    await pass(1_000)
  }
  expect(eventsOf(await forgotten.next())).toContain('end')
  expect(eventsOf(await present.next())).not.toContain('end')
})

test('there are only so many viewers, and one that leaves makes room', () => {
  const { board } = aBoard()
  const viewers = Array.from({ length: maxViewers }, () => watching(board.watch()))
  expect(board.watch()).toBeUndefined()
  viewers[0]?.close()
  expect(board.watch()).toBeDefined()
})

test('the last viewer that leaves ends the work', async () => {
  const { board, pass, begin } = aBoard()
  const call = begin('a')
  const viewer = watching(board.watch())
  viewer.close()
  const { looks } = call
  call.write('x')
  await pass(1_000)
  expect([call.looks, vi.getTimerCount()]).toEqual([looks, 0])
})

test('without anything new a viewer gets a heartbeat', async () => {
  const { board, pass } = aBoard()
  const viewer = watching(board.watch())
  await viewer.next()
  const next = viewer.next()
  await pass(1_000)
  expect(await next).toEqual([{ event: 'heartbeat' }])
})

test('stopping ends what viewers wait for, and lets nobody in', async () => {
  const { board } = aBoard()
  const viewer = watching(board.watch())
  await viewer.next()
  const next = viewer.next()
  await board.stop?.(new AbortController().signal)
  expect(await next).toEqual([{ event: 'end' }])
  expect(board.watch()).toBeUndefined()
})

test.each([
  ['lengths', { capture: 'lengths' } as const, 'capture_content', { characters: 6 }],
  ['none', { capture: 'none' } as const, 'capture_content', {}],
  [
    'REDACT',
    {
      capture: 'full',
      redactContext: (context: CallContext) => ({ ...context, userId: '[redacted]' }),
    } as const,
    'redact',
    { characters: 6, userId: '[redacted]' },
  ],
])('with %s no words are shown', (_name, content, words, expected) => {
  const { board, begin } = aBoard({ content })
  begin('a', { userId: 'ada@example.org' }).write('secret')
  const snapshot = board.snapshot()
  expect(snapshot.words).toBe(words)
  expect(snapshot.calls[0]).toMatchObject(expected)
  expect(JSON.stringify(snapshot)).not.toMatch(/secret|lastWords/)
  if ('redactContext' in content) expect(JSON.stringify(snapshot)).not.toContain('ada@')
})

test('of very many calls in flight the newest are shown, and all are counted', () => {
  const { board, begin } = aBoard()
  for (let n = 0; n < maxLiveCalls + 50; n++) begin(String(n))
  const { calls, inFlight } = board.snapshot()
  expect([calls.length, inFlight, calls[0]?.id]).toEqual([
    maxLiveCalls,
    maxLiveCalls + 50,
    String(maxLiveCalls + 49),
  ])
})
