import { expect, test } from 'vitest'
import type { LiveCall, LiveCalls, LiveSnapshot } from '../admin/live-calls.ts'
import { runningConsole } from './testing/running-console.ts'

const at = 1_790_000_000_000
const call: LiveCall = {
  id: 'a'.repeat(32),
  threadId: 'tides<script>',
  operation: 'chat',
  upstream: 'default',
  model: 'm',
  startedAt: at - 12_300,
  phase: 'answering',
  lastAt: at - 200,
  bodyBytes: 900,
  characters: 12,
  tokens: {},
  speed: { perSecond: 41.4, of: 'characters' },
  lastWords: 'High at noon',
  delivery: 'in_flight',
}

async function pageOf(snapshot: Partial<LiveSnapshot>): Promise<string> {
  const live: LiveCalls = {
    snapshot: () => ({ at, words: 'shown', calls: [], inFlight: 0, ...snapshot }),
    watch: () => undefined,
  }
  const { ask } = await runningConsole({ live })
  return (await ask('/live')).text
}

test('calls in flight are rows of a table, whatever they are called', async () => {
  const text = await pageOf({ calls: [call], inFlight: 1 })
  expect(text).toContain('▶ answering')
  expect(text).toContain('12.3 s')
  expect(text).toContain('12 characters')
  expect(text).toContain('41 char/s')
  expect(text).toContain('tides&lt;script&gt;')
  expect(text).toContain('… in flight')
})

test('one that is silent says so in words, and for how long', async () => {
  const silent = await pageOf({ calls: [{ ...call, stalled: true, lastAt: at - 23_000 }], inFlight: 1 })
  expect(silent).toContain('⚠ silent for 23.0 s')
})

test('why last words are missing, and that more is in flight than is shown, is said', async () => {
  expect(await pageOf({ words: 'redact' })).toContain('REDACT cannot be applied')
  expect(await pageOf({ words: 'capture_content' })).toContain('CAPTURE_CONTENT keeps less')
  expect(await pageOf({ calls: [call], inFlight: 700 })).toContain('The newest 1 of 700 calls')
})

test('the front page leads there, where calls go by; elsewhere the page says where they are', async () => {
  const { ask } = await runningConsole({
    live: { snapshot: () => ({ at, words: 'shown', calls: [], inFlight: 0 }), watch: () => undefined },
  })
  expect((await ask('/')).headers.location).toBe('/live')
  const worker = await runningConsole()
  expect(await worker.ask('/live')).toMatchObject({
    status: 404,
    text: expect.stringContaining('Look at the admin port of a proxy.'),
  })
})
