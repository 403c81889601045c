import { expect, test } from 'vitest'
import { stillClock } from '../../shared/testing/still-clock.ts'
import type { StreamEvidence } from './learn.ts'
import type { LearnedReporting } from './reporting.ts'
import { createReportingMemory } from './reporting-memory.ts'

const stream: StreamEvidence = {
  request: 'silent',
  succeeded: true,
  complete: true,
  reportsUsage: true,
  frames: { showsUsage: false, shape: undefined },
  parameters: '',
}
const hourMs = 3_600_000
const url = 'http://a.example/v1'

function open() {
  const clock = stillClock()
  const announced: unknown[] = []
  const kept: unknown[] = []
  const logged: unknown[] = []
  const memory = createReportingMemory({
    clock,
    urls: new Map([
      ['default', url],
      ['same', url],
      ['other', 'http://b.example/v1'],
    ]),
    announce: (upstream, model, learned) => announced.push([upstream, model, learned?.reporting]),
    onLearned: ([pair, { reporting }]) => kept.push([pair, reporting]),
    events: { usageReportingLearned: (...learned) => logged.push(learned) },
  })
  return { clock, announced, kept, logged, memory }
}

test('what a call shows is announced for every name of its upstream, kept, and logged once', () => {
  const { announced, kept, logged, memory } = open()
  memory.observe('default', 'm', stream, true)
  memory.observe('same', 'm', stream, false)
  expect(announced).toEqual([
    ['default', 'm', 'unsolicited'],
    ['same', 'm', 'unsolicited'],
  ])
  expect(kept).toEqual([[`${url} m`, 'unsolicited']])
  expect(logged).toEqual([['default', 'm', 'unsolicited']])
  expect(memory.counts()).toMatchObject({ unsolicited: 1, on_request: 0 })
})

test('a call that was sent to learn and shows nothing is announced as such', () => {
  const { announced, memory } = open()
  memory.observe('other', 'm', { ...stream, complete: false }, true)
  memory.observe('other', 'm', { ...stream, complete: false }, false)
  expect(announced).toEqual([['other', 'm', undefined]])
})

test('what is seen again lives on; what is not expires', () => {
  const { clock, memory } = open()
  memory.observe('default', 'm', stream, false)
  clock.advance(13 * hourMs)
  memory.observe('default', 'm', stream, false)
  clock.advance(13 * hourMs)
  expect(memory.counts().unsolicited).toBe(1)
  clock.advance(12 * hourMs)
  expect(memory.counts().unsolicited).toBe(0)
})

test('of what is learned elsewhere the newest holds, but for an upstream that sends usage anyway', () => {
  const { clock, announced, kept, memory } = open()
  const learned = (reporting: LearnedReporting['reporting'], forMs: number): LearnedReporting => ({
    reporting,
    expiresAt: clock.now() + forMs,
  })
  const pair = `${url} m`
  memory.adopt([[pair, learned('on_request', 2 * hourMs)]])
  memory.adopt([[pair, learned('rejects_option', hourMs)]])
  expect(memory.pairs()).toMatchObject([[pair, { reporting: 'on_request' }]])
  memory.adopt([[pair, learned('unsolicited', hourMs)]])
  memory.adopt([[pair, learned('on_request', 9 * hourMs)]])
  expect(memory.pairs()).toMatchObject([[pair, { reporting: 'unsolicited' }]])
  expect(announced).toContainEqual(['same', 'm', 'unsolicited'])
  expect(kept).toEqual([])
})
