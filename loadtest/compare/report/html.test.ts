import { expect, test } from 'vitest'
import { plain1000 } from '../scenarios/plain.ts'
import { saturation } from '../scenarios/saturation.ts'
import { escaped } from './escape.ts'
import { htmlReport } from './html.ts'
import { decadesAround } from './latency-lines.ts'
import type { Row } from './summary.ts'

const cost = (micros: number, ratio: number) => ({ micros, ratio })
const row = (subject: Row['subject'], factor: number): Row => ({
  subject,
  failed: 0,
  held: 1,
  perSecond: 1_000,
  loop: cost(30 * factor, factor),
  relay: cost(40 * factor, factor),
  behind: cost(0, 0),
  all: cost(40 * factor, factor),
  latency: [1, 2, 3, 4, 500],
  threads: [],
  residentMb: [80, 81],
  lagMs: 0,
  tickMicros: 2,
  settled: true,
})

const page = htmlReport(
  [
    { scenario: { ...plain1000, title: 'calls <b>&</b>' }, rows: [row('bare', 1), row('start', 3)] },
    { scenario: saturation, rows: [{ subject: 'bare', perSecond: 4_000, ratio: 1 }] },
  ],
  { 'node "version"': '<v20>' },
)

test('what may be markup is shown as text, in tables and in attributes', () => {
  expect(escaped(`<a href="x" id='y'>&</a>`)).toBe(
    '&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;&lt;/a&gt;',
  )
  expect(page).toContain('calls &lt;b&gt;&amp;&lt;/b&gt;')
  expect(page).toContain('&lt;v20&gt;')
  expect(page).not.toContain('<b>')
})

test('the page needs nothing from elsewhere', () => {
  expect(page).not.toMatch(/<script|<link|<img|https?:\/\/|@import|url\(/)
})

test('the longest bar takes the whole width, the others their share', () => {
  const widths = [...page.matchAll(/width="([\d.]+)" height="15"/g)].map(([, width]) => Number(width))
  // Loop and other threads of the bare relay, then of start, then the one bar of the rates; nothing is behind.
  expect(widths).toEqual([80, 26.7, 0, 240, 80, 0, 320])
})

test('the axis of a latency begins below the least and ends above the most', () => {
  expect(decadesAround(0.2, 350)).toEqual([0.1, 1, 10, 100, 1_000])
  expect(decadesAround(1, 1)).toEqual([1, 10])
})
