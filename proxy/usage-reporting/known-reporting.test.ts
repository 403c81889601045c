import { expect, test } from 'vitest'
import { stillClock } from '../../shared/testing/still-clock.ts'
import { createKnownReporting, type UsageDecision } from './known-reporting.ts'
import type { Reporting } from './reporting.ts'

const minuteMs = 60_000

function open(max?: number) {
  const clock = stillClock()
  const known = createKnownReporting(clock, max)
  return {
    clock,
    known,
    decide: (model: string | undefined = 'm', mayTry = true) => known.decide('u', model, mayTry),
    learned: (reporting: Reporting, forMs = minuteMs) =>
      known.set('u', 'm', { reporting, expiresAt: clock.now() + forMs }),
  }
}

test('of a hundred first calls at once one is sent to learn, and the others ask', () => {
  const { decide } = open()
  const decisions = Array.from({ length: 100 }, () => decide())
  expect(decisions.filter((decision) => decision === 'try')).toHaveLength(1)
  expect(decisions.filter((decision) => decision === 'ask')).toHaveLength(99)
})

test.each<[Reporting, UsageDecision]>([
  ['on_request', 'ask'],
  ['unsolicited', 'leave'],
  ['rejects_option', 'leave'],
  ['alters_frames', 'leave'],
])('%s: %s, until that expires', (reporting, decision) => {
  const { clock, decide, learned } = open()
  learned(reporting)
  expect([decide(), decide('other')]).toEqual([decision, 'try'])
  clock.advance(minuteMs)
  expect([decide(), decide()]).toEqual(['try', 'ask'])
})

test('a call whose usage could not be estimated, or whose model is not remembered, is never sent to learn', () => {
  const { known, decide } = open()
  expect([decide('m', false), decide('m', false), known.decide('u', undefined, true)]).toEqual([
    'ask',
    'ask',
    'ask',
  ])
  expect(decide()).toBe('try')
})

test('where a call showed nothing the next one tries, and after three they ask for a while', () => {
  const { clock, known, decide } = open()
  for (let tries = 0; tries < 3; tries++) {
    expect(decide()).toBe('try')
    known.tryEnded('u', 'm')
    known.set('u', 'm', undefined)
  }
  expect(decide()).toBe('ask')
  clock.advance(60 * minuteMs)
  expect(decide()).toBe('try')
})

test('a call of which nothing is heard is given up', () => {
  const { clock, known, decide } = open()
  decide()
  known.tryEnded('u', 'm')
  expect(decide()).toBe('leave')
  clock.advance(10_000)
  expect(decide()).toBe('try')
  clock.advance(15 * minuteMs)
  expect(decide()).toBe('try')
})

test('what is learned while a call is under way holds at once', () => {
  const { known, decide, learned } = open()
  decide()
  learned('unsolicited')
  known.tryEnded('u', 'm')
  expect(decide()).toBe('leave')
  known.set('u', 'm', undefined)
  expect(decide()).toBe('leave')
})

test('without learning all are asked but those that reject the option', () => {
  const { known, learned } = open()
  expect([known.mayAsk('u', 'm'), known.mayAsk('u', undefined)]).toEqual(['ask', 'ask'])
  learned('unsolicited')
  expect(known.mayAsk('u', 'm')).toBe('ask')
  learned('rejects_option')
  expect(known.mayAsk('u', 'm')).toBe('leave')
})

test('beyond the limit the least recently used pair is forgotten', () => {
  const { known, decide } = open(2)
  for (const model of ['a', 'b']) known.set('u', model, { reporting: 'unsolicited', expiresAt: Infinity })
  expect(decide('a')).toBe('leave')
  known.set('u', 'c', { reporting: 'unsolicited', expiresAt: Number.POSITIVE_INFINITY })
  expect([decide('a'), decide('c'), decide('b')]).toEqual(['leave', 'leave', 'try'])
})
