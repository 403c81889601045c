import { expect, test } from 'vitest'
import { explainByRemovedUsage } from './removed-usage.ts'

const content = 'data: {"choices":[{"delta":{"content":"a"}}],"usage":null}\n\n'
const usage = 'data: {"id":"1","choices":[],"usage":{"total_tokens":3}}\n\n'
const usageAndMore = 'data: {"choices":[],"usage":{"total_tokens":3},"citations":["x"]}\n\n'
const done = 'data: [DONE]\n\n'

const explain = (sent: string, got: string, isComplete = true) =>
  explainByRemovedUsage(Buffer.from(sent), Buffer.from(got), isComplete)

test('a stream without its usage frame is explained by the removal', () => {
  expect(explain(content + usage + done, content + done)).toEqual({ removed: 1, remaining: 0 })
})

test('a usage frame still in the stream is counted', () => {
  expect(explain(content + usage + done, content + usage + done)).toEqual({ removed: 0, remaining: 1 })
})

test.each([
  ['a missing frame', content + content + done, content + done],
  ['a changed byte', content + done, content.replace('a"', 'b"') + done],
  ['a missing frame with more than usage', content + usageAndMore + done, content + done],
  ['a missing end', content + done, content],
  ['bytes that were not sent', content + done, content + done + content],
])('%s is not explained', (_what, sent, got) => {
  expect(explain(sent, got)).toBeUndefined()
})

test('comments stay when their frame is removed', () => {
  expect(explain(`: hm\n${usage}${done}`, `: hm\n${done}`)).toEqual({ removed: 1, remaining: 0 })
})

test('a prefix is explained only when the stream may be incomplete', () => {
  expect(explain(content + usage + done, content.slice(0, 20), false)).toEqual({ removed: 0, remaining: 0 })
  expect(explain(content + usage + done, content.slice(0, 20))).toBeUndefined()
})
