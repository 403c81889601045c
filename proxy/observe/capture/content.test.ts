import { expect, test } from 'vitest'
import type { Output } from '../../../shared/record/output.ts'
import type { Capture } from '../call.ts'
import { keepInput, keepOutput } from './content.ts'

const capture = (content: Capture['content']): Capture => ({ content, maxBytes: 1_000 })
const secret = 'launch code'
const messages = [{ role: 'user', content: [{ type: 'text', text: secret }] }]
const outputs: readonly Output[] = [
  {
    kind: 'choices',
    choices: [
      {
        index: 0,
        role: 'assistant',
        content: secret,
        reasoning: secret,
        refusal: secret,
        toolCalls: [{ id: 'call_1', name: 'launch', arguments: secret }],
        audioTranscript: secret,
        annotations: [{ type: 'url_citation', title: secret }],
        logprobs: { content: [{ token: secret }] },
        finishReason: 'stop',
      },
    ],
  },
  { kind: 'items', items: [{ type: 'message', content: [{ type: 'output_text', text: secret }] }] },
  { kind: 'json', value: { text: secret } },
  { kind: 'text', text: secret },
]

test('keeps everything where content is captured in full', () => {
  expect(keepInput(messages, capture('full'))).toEqual(messages)
  for (const output of outputs) expect(keepOutput(output, capture('full'))).toEqual(output)
})

test.each(['lengths', 'none'] as const)('lets no text through where %s is kept', (content) => {
  expect(JSON.stringify(keepInput(messages, capture(content)) ?? null)).not.toContain('launch')
  for (const output of outputs) {
    expect(JSON.stringify(keepOutput(output, capture(content)) ?? null)).not.toContain(secret)
  }
})

test('tells the shape and the lengths', () => {
  expect(keepInput(messages, capture('lengths'))).toEqual([
    { role: 'user', content: [{ type: 'text', text: '[11 characters]' }] },
  ])
  expect(keepInput([[1, 2, 3]], capture('lengths'))).toEqual(['[3 numbers]'])
  expect(keepOutput(outputs[0], capture('lengths'))).toMatchObject({
    choices: [
      {
        content: '[11 characters]',
        toolCalls: [{ id: 'call_1', name: 'launch', arguments: '[11 characters]' }],
        finishReason: 'stop',
      },
    ],
  })
})

test('keeps how choices ended where no content is kept', () => {
  expect(keepOutput(outputs[0], capture('none'))).toEqual({
    kind: 'choices',
    choices: [{ index: 0, role: 'assistant', finishReason: 'stop' }],
  })
})
