import { expect, test } from 'vitest'
import type { Json } from '../../../shared/json.ts'
import type { Operation } from '../../../shared/record/record.ts'
import { foldFor } from './fold-for.ts'

/** Folds the events. @returns what was shown of them after each */
function shown(operation: Operation, events: readonly Json[], left = 10_000) {
  const fold = foldFor(operation, { left })
  return events.map((event) => {
    fold.add(event)
    return fold.progress?.()
  })
}

const chunk = (delta: Json, more: Json = {}): Json => ({
  choices: [{ index: 0, delta }],
  ...(more as object),
})

test('a chat stream shows how much has come, and its last words', () => {
  const seen = shown('chat', [
    chunk({ role: 'assistant', content: '' }),
    chunk({ reasoning_content: 'Hm. ' }),
    chunk({ content: 'High ' }),
    chunk({ content: 'at noon.' }),
  ])
  expect(seen.map((progress) => progress?.characters)).toEqual([0, 4, 9, 17])
  expect(seen.map((progress) => progress?.tail)).toEqual(['', 'Hm. ', 'High ', 'High at noon.'])
})

test('of several tools the arguments that grow last are shown', () => {
  const call = (index: number, name: string, args: string) =>
    chunk({ tool_calls: [{ index, id: `call_${index}`, function: { name, arguments: args } }] })
  const seen = shown('chat', [chunk({ content: 'I look.' }), call(0, 'a', '{"x":'), call(1, 'b', '{"y":1}')])
  expect(seen.at(-1)).toMatchObject({ characters: 19, tail: '{"y":1}' })
})

test('tokens are shown where the upstream reports them as it goes', () => {
  const usage = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 }
  const seen = shown('chat', [chunk({ content: 'a' }), chunk({ content: 'b' }, { usage })])
  expect(seen.map((progress) => progress?.usage)).toMatchObject([
    { provenance: 'missing' },
    { provenance: 'provider', input: 9, output: 2 },
  ])
})

test('a message shows its blocks as they grow, and of its usage only what is known at its start', () => {
  const seen = shown('messages', [
    { type: 'message_start', message: { role: 'assistant', usage: { input_tokens: 25, output_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'High' } },
    {
      type: 'content_block_start',
      index: 1,
      content_block: { type: 'tool_use', id: 't', name: 'n', input: {} },
    },
    { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"a"' } },
  ])
  expect(seen.at(-1)).toEqual({ characters: 8, tail: '{"a"', usage: { provenance: 'provider', input: 25 } })
})

test('a response that repeats an item when it is done shows it once', () => {
  const item = { type: 'message', content: [] }
  const text = (delta: string) => ({
    type: 'response.output_text.delta',
    output_index: 0,
    content_index: 0,
    delta,
  })
  const done = { ...item, content: [{ type: 'output_text', text: 'High at noon.' }] }
  const seen = shown('responses', [
    { type: 'response.output_item.added', output_index: 0, item },
    text('High '),
    text('at noon.'),
    { type: 'response.output_item.done', output_index: 0, item: done },
  ])
  expect(seen.map((progress) => progress?.characters)).toEqual([0, 5, 13, 13])
  expect(seen.at(-1)?.tail).toBe('High at noon.')
})

test('what is not kept any more is counted all the same', () => {
  const seen = shown('chat', [chunk({ content: '0123456789' }), chunk({ content: 'abc' })], 8)
  expect(seen.at(-1)).toMatchObject({ characters: 13, tail: '01234567' })
})

test.each(['chat', 'messages', 'responses'] as const)(
  'looking at %s changes nothing of its result',
  (operation) => {
    const events: readonly Json[] = [
      chunk({ content: 'a' }, { citations: ['https://a.example'] }),
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a' } },
      { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'a' },
      { type: 'response.shell_call_command.delta', output_index: 1, command_index: 0, delta: 'ls' },
    ]
    const [looked, left] = [foldFor(operation, { left: 1_000 }), foldFor(operation, { left: 1_000 })]
    for (const event of events) {
      looked.add(event)
      looked.progress?.()
      left.add(event)
    }
    expect(looked.result()).toEqual(left.result())
  },
)
