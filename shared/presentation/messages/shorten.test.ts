import { expect, test } from 'vitest'
import type { Message } from './message.ts'
import { overheadCharacters, shorten } from './shorten.ts'

const said = (text: string): Message => ({ role: 'user', parts: [{ kind: 'text', text }] })

const textsOf = (messages: readonly Message[]) => messages.map(({ parts }) => parts[0])

test('what fits is left as it is', () => {
  const messages = [said('one'), said('two')]
  expect(shorten(messages, 1_000, 'last')).toEqual({ messages, leftOut: 0 })
})

/** Of a message with one part. */
const overhead = 2 * overheadCharacters

test('the end that matters more is kept', () => {
  const messages = [said('first'), said('last')]
  expect(textsOf(shorten(messages, overhead + 6, 'last').messages)).toMatchObject([
    { text: 'fi… [3 more characters]' },
    { text: 'last' },
  ])
  expect(textsOf(shorten(messages, overhead + 6, 'first').messages)).toMatchObject([
    { text: 'first' },
    { text: 'l… [3 more characters]' },
  ])
  expect(shorten(messages, overhead + 6, 'first').leftOut).toBe(3)
})

test('of thousands of short messages only so many are kept', () => {
  const messages = Array.from({ length: 5_000 }, (_, n) => said(String(n)))
  const { messages: kept, leftOut } = shorten(messages, 10_000, 'last')
  expect(kept.length).toBeLessThanOrEqual(50)
  expect(textsOf(kept).at(-1)).toMatchObject({ text: '4999' })
  expect(leftOut).toBeGreaterThan(0)
})

test('arguments, results and media count as well', () => {
  const message: Message = {
    role: 'assistant',
    parts: [
      { kind: 'tool_call', name: 'f', arguments: '12345' },
      { kind: 'tool_result', id: 'c', parts: [{ kind: 'text', text: '12345' }] },
      { kind: 'other', type: 'image', value: { url: 'x'.repeat(50) } },
    ],
  }
  const { messages, leftOut } = shorten([message], 5, 'first')
  expect(messages[0]?.parts).toEqual([
    { kind: 'tool_call', name: 'f', arguments: '12345' },
    { kind: 'tool_result', id: 'c', parts: [{ kind: 'text', text: '… [5 more characters]' }] },
    { kind: 'other', type: 'image', value: '[60 characters]' },
  ])
  expect(leftOut).toBe(65)
})
