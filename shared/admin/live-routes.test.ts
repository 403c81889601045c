import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { LiveCalls, LiveSnapshot, LiveUpdate, LiveViewer } from './live-calls.ts'
import { serveAdmin } from './testing/serve-admin.ts'

const empty: LiveSnapshot = { at: 1_790_000_000_000, words: 'shown', calls: [], inFlight: 0 }

/** For what happens on a busy machine sooner or later. */
const soon = <T>(read: () => T) => expect.poll(read, { timeout: 30_000 })

/** Live calls of which a test says what happens. */
function scriptedCalls() {
  const taken: number[] = []
  let closed: () => void = () => undefined
  const hasClosed = new Promise<void>((resolve) => {
    closed = resolve
  })
  let give: (updates: readonly LiveUpdate[]) => void = () => undefined
  const viewer: LiveViewer = {
    next: () =>
      new Promise((resolve) => {
        taken.push(taken.length)
        give = resolve
      }),
    close: () => closed(),
  }
  const live: LiveCalls = { snapshot: () => empty, watch: () => viewer }
  return { live, taken, hasClosed, give: (...updates: LiveUpdate[]) => give(updates) }
}

/** @returns the address of a running admin port */
async function serve(live?: LiveCalls): Promise<URL> {
  return new URL(await serveAdmin(live && { live }))
}

/** A connection that has asked for the live calls, and reads nothing by itself. */
async function connectTo({ port, host }: URL): Promise<Socket> {
  const socket = connect(Number(port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  socket.write(`GET /api/live HTTP/1.1\r\nhost: ${host}\r\n\r\n`)
  return socket
}

test('updates are server-sent events, as they happen, until there is nothing more', async () => {
  const { live, give, taken } = scriptedCalls()
  const response = await fetch(new URL('/api/live', await serve(live)))
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(response.headers.get('cache-control')).toBe('no-store')
  const body = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  const read = async (...updates: LiveUpdate[]) => {
    const pulls = taken.length
    give(...updates)
    const { value } = (await body?.read()) ?? {}
    if (updates.every(({ event }) => event !== 'end')) await soon(() => taken.length).toBe(pulls + 1)
    return value
  }
  await soon(() => taken.length).toBe(1)
  expect(await read({ event: 'snapshot', data: '{}' })).toBe('event: snapshot\ndata: {}\n\n')
  expect(await read({ event: 'heartbeat' })).toBe(': nothing new\n\n')
  expect(await read({ event: 'gone', data: '["a"]' }, { event: 'skipped', data: '3' })).toBe(
    'event: gone\ndata: ["a"]\n\nevent: skipped\ndata: 3\n\n',
  )
  expect(await read({ event: 'end' })).toBe('retry: 1000\n\n')
  expect((await body?.read())?.done).toBe(true)
})

test('a viewer that reads nothing is asked for nothing more', async () => {
  const { live, give, taken } = scriptedCalls()
  const socket = await connectTo(await serve(live))
  socket.pause()
  const large = JSON.stringify('x'.repeat(1_048_576))
  let stuckAt = 0
  // Until the buffers of both ends are full, every update is taken.
  for (let tries = 0; tries < 100 && stuckAt === 0; tries++) {
    const before = taken.length
    give({ event: 'calls', data: large })
    const asked = expect.poll(() => taken.length, { timeout: 1_000 }).toBeGreaterThan(before)
    const moved = await Promise.resolve(asked).then(
      () => true,
      () => false,
    )
    if (!moved) stuckAt = before
  }
  expect(stuckAt).toBeGreaterThan(0)
  socket.resume()
  await soon(() => taken.length).toBeGreaterThan(stuckAt)
})

test('a viewer that leaves is noticed at once', async () => {
  const { live, hasClosed, taken } = scriptedCalls()
  const socket = await connectTo(await serve(live))
  await soon(() => taken.length).toBe(1)
  socket.destroy()
  await hasClosed
})

test('one viewer too many gets a sentence', async () => {
  const address = await serve({ snapshot: () => empty, watch: () => undefined })
  const response = await fetch(new URL('/api/live', address))
  expect([response.status, await response.json()]).toEqual([
    503,
    { error: expect.stringMatching(/^10 viewers/) },
  ])
})

test('what is in flight now is JSON at /api/live/calls', async () => {
  const response = await fetch(new URL('/api/live/calls', await serve(scriptedCalls().live)))
  expect(await response.json()).toEqual(empty)
})

test('a page of another origin sees nothing of it', async () => {
  const { live } = scriptedCalls()
  const response = await fetch(new URL('/api/live', await serve(live)), {
    headers: { origin: 'https://evil.example' },
  })
  expect(response.status).toBe(403)
})

test('a process without calls says where they are', async () => {
  const response = await fetch(new URL('/api/live', await serve()))
  expect([response.status, await response.json()]).toEqual([
    404,
    { error: expect.stringContaining('worker') },
  ])
})
