import { expect, test } from 'vitest'
import { captureToolSpans } from './capture-tool-spans.ts'

const span = {
  ...{ spanId: 'a1', askedBy: 'call-1', name: 'pay', startedAt: 1, endedAt: 2 },
  arguments: { 'ann@mail.example': 4_500 },
  result: 'paid',
}

test('of what tools were called with and returned only lengths are kept with CAPTURE_CONTENT=lengths', () => {
  const [captured] = captureToolSpans([span], { content: 'lengths', maxBytes: 1_000 })
  expect(captured).toEqual({ ...span, arguments: '[25 characters]', result: '[4 characters]' })
})

test('and nothing with CAPTURE_CONTENT=none', () => {
  const { arguments: _, result: __, ...rest } = span
  expect(captureToolSpans([span], { content: 'none', maxBytes: 1_000 })).toEqual([rest])
})
