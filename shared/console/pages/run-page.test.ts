import { expect, test } from 'vitest'
import type { RunDetail, RunSpan } from '../../admin/runs.ts'
import { htmlDocument } from '../layout/document.tsx'
import { tagsOf, textOf } from '../testing/html.ts'
import { runPage } from './run-page.tsx'

const now = 1_763_634_660_000

const span = (fields: Partial<RunSpan>): RunSpan => ({
  kind: 'call',
  name: 'chat gpt-4o',
  spanId: 'b'.repeat(16),
  startedAt: now,
  durationMs: 1_000,
  spans: [],
  ...fields,
})

const run: RunDetail = {
  id: 'a'.repeat(32),
  agent: 'agent_planner',
  thread: 'trip',
  conversationId: 'c'.repeat(32),
  turn: 1,
  turns: 2,
  calls: 2,
  tools: 2,
  tokens: { input: 24, output: 10, total: 34 },
  startedAt: now,
  durationMs: 4_000,
  errors: 1,
  spans: [
    span({
      kind: 'agent',
      name: 'agent_planner',
      durationMs: 4_000,
      spans: [
        span({
          callId: 'e'.repeat(32),
          firstByteMs: 250,
          firstTokenMs: 500,
          usage: { provenance: 'provider', input: 12, output: 5 },
          link: { kind: 'none' },
          ending: 'completed',
          output: 'Let me look.',
        }),
        span({ kind: 'tool', name: 'weather', startedAt: now + 1_000, input: '{}', output: 'sunny' }),
        span({ kind: 'tool', name: 'search', startedAt: now + 1_000, byProvider: true }),
        span({
          callId: 'f'.repeat(32),
          startedAt: now + 2_000,
          durationMs: 2_000,
          attemptOf: 'e'.repeat(32),
          link: { kind: 'tool_id' },
          ending: 'timed_out',
          error: 'timed_out: nothing came',
        }),
      ],
    }),
  ],
}

const html = htmlDocument(runPage({ run, now }), { assets: '/assets/0/', now: 0, canLogOut: false })

/** The bars of a row: its class, its place and its width. */
const bars = html
  .split('<tr>')
  .slice(2)
  .map((row) =>
    tagsOf(row.slice(0, row.lastIndexOf('</tr>')))
      .filter(({ name, attributes }) => name === 'rect' && attributes.has('x'))
      .map(({ attributes }) => ['class', 'x', 'width'].map((key) => attributes.get(key)).join(' ')),
  )

test('each span is a bar within the run: its wait, what came first, its content', () => {
  expect(bars).toEqual([
    ['agent 0% 100%'],
    ['wait 0% 6.25%', 'begin 6.25% 6.25%', 'stream 12.5% 12.5%'],
    ['inferred 25% 25%'],
    ['tool 25% 25%'],
    ['wait 50% 50%'],
  ])
})

test('times that are inferred are hatched, and the key says so', () => {
  expect(html).toContain('<rect class="inferred" fill="url(#inferred)" x="25%"')
  expect(html).toContain('<pattern id="inferred"')
  expect(textOf(html)).toContain('tool, inferred from the calls around it')
})

test('the columns say in words and numbers what is drawn', () => {
  const text = textOf(html)
  expect(text).toContain('2 calls, 2 tools, 1 error, tokens 24→10, cost -')
  expect(text).toContain('├─ chat gpt-4o 0 ms 1.0 s 250 ms 12→5 - none Let me look.')
  expect(text).toContain('├─ weather 1.0 s 1.0 s {} ─▶ sunny')
  expect(text).toContain('└─ chat gpt-4o 2.0 s 2.0 s - tool id, another attempt ✗ timed_out: nothing came')
})

test('calls lead to their pages, the run to its thread', () => {
  expect(html).toContain(`href="/calls/${'e'.repeat(32)}"`)
  expect(html).toContain('href="/thread?id=trip"')
})

test('of a run of thousands of spans the first are drawn, and the rest is counted', () => {
  const spans = Array.from({ length: 800 }, (_, n) => span({ callId: String(n) }))
  const text = htmlDocument(runPage({ run: { ...run, spans }, now }), {
    assets: '/',
    now: 0,
    canLogOut: false,
  })
  expect(text.match(/data-row/g)).toHaveLength(500)
  expect(textOf(text)).toContain('300 more spans are not drawn')
})
