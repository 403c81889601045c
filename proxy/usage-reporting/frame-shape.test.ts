import { expect, test } from 'vitest'
import type { Json } from '../../shared/json.ts'
import { createFrameWatcher, isAltered, type StreamFrames } from './frame-shape.ts'

const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }
const frame = (more: object = {}, choice: object = {}): Json =>
  ({
    id: 'c',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { content: 'x' }, finish_reason: null, ...choice }],
    ...more,
  }) as Json
const usageFrame = { id: 'c', object: 'chat.completion.chunk', choices: [], usage } as Json

function framesOf(...events: readonly Json[]): StreamFrames {
  const watcher = createFrameWatcher()
  for (const event of events) watcher.see(event)
  return watcher.read()
}

const plain = framesOf(frame(), frame(), frame({}, { finish_reason: 'stop' }))
const altered = (...events: readonly Json[]): boolean => {
  const { shape } = framesOf(...events)
  return shape !== undefined && plain.shape !== undefined && isAltered(shape, plain.shape)
}

test('usage that is null, or alone in its frame, is nothing that a client sees', () => {
  const asked = [frame({ usage: null }), frame({ usage: null }), frame({ usage: null }), usageFrame]
  expect(framesOf(...asked).showsUsage).toBe(false)
  expect(altered(...asked)).toBe(false)
})

test('usage beside a choice, or beside sources, is', () => {
  expect(framesOf(frame({ usage })).showsUsage).toBe(true)
  expect(framesOf(frame({}, { usage })).showsUsage).toBe(true)
  expect(framesOf({ choices: [], usage, citations: ['https://a.example'] } as Json).showsUsage).toBe(true)
})

test('fields that all frames have, or lack, beside those of before are a change', () => {
  const extra = frame({ stats: { queue: 1 } })
  expect(altered(extra, extra, extra)).toBe(true)
  const bare = { object: 'chat.completion.chunk', choices: [{ index: 0, delta: {} }] } as Json
  expect(altered(bare, bare, bare)).toBe(true)
  const renamed = frame({ object: 'chunk' })
  expect(altered(renamed, renamed, renamed)).toBe(true)
})

test('what depends on the request, or stands in some frames alone, is none', () => {
  const asked = frame({ service_tier: 'default', system_fingerprint: 'f' }, { logprobs: { content: [] } })
  expect(altered(asked, asked, asked)).toBe(false)
  expect(altered(frame({ stats: 1 }), frame(), frame())).toBe(false)
  expect(altered(frame({ stats: 1 }))).toBe(false)
})

test('what is no frame, or a huge one, does no harm', () => {
  const huge = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`field-${n}`.padEnd(100, 'x'), 1]))
  expect(framesOf(null, 7, [], 'x', frame(huge), frame(huge), frame(huge)).shape?.every).not.toContain(
    expect.stringMatching('field'),
  )
})
