import { expect, test } from 'vitest'
import type { Output } from '../../../shared/record/output.ts'
import type { Capture } from './capture.ts'
import { captureInput, captureOutput } from './content.ts'

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
  {
    kind: 'message',
    content: [{ type: 'text', text: secret }],
    finishReason: 'refusal',
    stopSequence: secret,
    stopDetails: { type: 'refusal', explanation: secret },
  },
  { kind: 'json', value: { text: secret } },
  { kind: 'text', text: secret, segments: [{ text: secret }] },
  { kind: 'images', count: 1, pictures: [{ bytes: 9, url: secret, revisedPrompt: secret }] },
]
const moderation: Output = {
  kind: 'moderation',
  flagged: true,
  count: 1,
  judgements: [{ index: 0, flagged: true, categories: ['hate'], highestScores: { hate: 0.9 } }],
}

test.each(['full', 'lengths', 'none'] as const)(
  'keeps counts and measures under CAPTURE_CONTENT=%s',
  (content) => {
    for (const output of [moderation, { kind: 'vectors', count: 2 } as const]) {
      expect(captureOutput(output, capture(content))).toEqual(output)
    }
  },
)

test('keeps everything under CAPTURE_CONTENT=full', () => {
  expect(captureInput(messages, capture('full'))).toEqual(messages)
  for (const output of outputs) expect(captureOutput(output, capture('full'))).toEqual(output)
})

test.each(['lengths', 'none'] as const)('keeps no text under CAPTURE_CONTENT=%s', (content) => {
  expect(JSON.stringify(captureInput(messages, capture(content)) ?? null)).not.toContain('launch')
  for (const output of outputs) {
    expect(JSON.stringify(captureOutput(output, capture(content)) ?? null)).not.toContain(secret)
  }
})

test('keeps structure and lengths under CAPTURE_CONTENT=lengths', () => {
  expect(captureInput(messages, capture('lengths'))).toEqual([
    { role: 'user', content: [{ type: 'text', text: '[11 characters]' }] },
  ])
  expect(captureInput([[1, 2, 3]], capture('lengths'))).toEqual(['[3 numbers]'])
  expect(captureOutput(outputs[0], capture('lengths'))).toMatchObject({
    choices: [
      {
        content: '[11 characters]',
        toolCalls: [{ id: 'call_1', name: 'launch', arguments: '[11 characters]' }],
        finishReason: 'stop',
      },
    ],
  })
})

test('keeps finish reasons under CAPTURE_CONTENT=none', () => {
  expect(
    captureOutput({ kind: 'items', items: [secret], finishReason: 'completed' }, capture('none')),
  ).toEqual({
    kind: 'items',
    items: [],
    finishReason: 'completed',
  })
  expect(captureOutput(outputs[0], capture('none'))).toEqual({
    kind: 'choices',
    choices: [{ index: 0, role: 'assistant', finishReason: 'stop' }],
  })
})
