import { expect, test } from 'vitest'
import type { LiveCall } from '../admin/live-calls.ts'
import { relativeTime } from '../presentation/relative-time.ts'
import { LiveRow } from './parts/live/live-row.tsx'
import { textOf } from './testing/html.ts'

// The page's script writes again what the server wrote: nobody may see the words change.

/** Modules for browsers, which no build step takes in. */
const asset = (name: string): Promise<unknown> =>
  import(/* @vite-ignore */ new URL(`./assets/${name}`, import.meta.url).href)

const inBrowser = {
  ...((await asset('relative-time.js')) as { readonly relativeTime: typeof relativeTime }),
  ...((await asset('live-texts.js')) as {
    liveTexts(call: LiveCall, now: number): readonly (string | undefined)[]
  }),
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

test.each([
  -5 * second,
  ...[0, second, 2 * second, minute, 2 * minute, hour, 2 * hour, day, 2 * day, 400 * day].flatMap((ms) => [
    ms - 1,
    ms,
  ]),
])('the script words a time of %i ms ago as the server does', (ms) => {
  expect(inBrowser.relativeTime(1_000_000, 1_000_000 + ms)).toBe(relativeTime(1_000_000, 1_000_000 + ms))
})

const now = 1_750_000_000_000
const call: LiveCall = {
  id: 'a',
  operation: 'chat',
  upstream: 'default',
  startedAt: now - 3_210,
  phase: 'waiting',
  lastAt: now - 3_210,
  bodyBytes: 0,
  tokens: {},
  delivery: 'in_flight',
}
const answering: LiveCall = { ...call, phase: 'answering', model: 'm', firstTokenMs: 320, characters: 12 }
const ended: LiveCall = { ...answering, phase: 'ended', ending: 'completed', durationMs: 65_000, status: 200 }
const deliveries = ['spooled', 'queued', 'delivered', 'dead_lettered', 'dropped'] as const

const calls: readonly LiveCall[] = [
  call,
  { ...call, startedAt: now + 500, threadId: 't', userId: 'u', agent: 'agent_a' },
  { ...call, stalled: true, agentKey: 'k', agent: 'agent_k' },
  { ...answering, lastWords: 'short,\n and  done' },
  { ...answering, lastWords: `${'cut within a pair \u{1f600}'}${'x'.repeat(35)}` },
  { ...answering, tokens: { output: 7 }, speed: { perSecond: 41.6, of: 'tokens' } },
  { ...answering, speed: { perSecond: 200.4, of: 'characters' } },
  ...deliveries.map((delivery) => ({ ...ended, delivery })),
  { ...ended, ending: 'running' },
  { ...ended, ending: 'client_closed', status: 200 },
  { ...ended, ending: 'upstream_error', status: 529, error: 'overloaded_error: come back later' },
  ...[0, 999.4, 999.6, 59_949, 59_951, 119_600].map((durationMs) => ({ ...ended, durationMs })),
]

test.each(calls)('the script fills the row of call %# of the live table as the server does', (shown) => {
  const cells = String(LiveRow({ call: shown, now })).match(/<td.*?<\/td>/gs) ?? []
  const texts = inBrowser.liveTexts(shown, now).map((text) => (text ?? '-').replaceAll(/\s+/g, ' '))
  expect(texts).toEqual(cells.map((cell) => textOf(cell)))
})
