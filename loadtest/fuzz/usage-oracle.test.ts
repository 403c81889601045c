import { expect, test } from 'vitest'
import { explainByCuts } from './usage-oracle.ts'

const word = 'data: {"choices":[{"delta":{"content":"a"}}],"usage":null}\n\n'
const usage = 'data: {"id":"1","choices":[],"usage":{"total_tokens":3}}\n\n'
const more = 'data: {"choices":[],"usage":{"total_tokens":3},"citations":["x"]}\n\n'
const done = 'data: [DONE]\n\n'

const explain = (sent: string, got: string, isWhole = true) =>
  explainByCuts(Buffer.from(sent), Buffer.from(got), isWhole)

test('a stream without its usage frame is explained by that cut', () => {
  expect(explain(word + usage + done, word + done)).toEqual({ cut: 1, left: 0 })
})

test('a usage frame that is still there is told', () => {
  expect(explain(word + usage + done, word + usage + done)).toEqual({ cut: 0, left: 1 })
})

test.each([
  ['a word that is missing', word + word + done, word + done],
  ['a byte that is another', word + done, word.replace('a"', 'b"') + done],
  ['a frame that says more than usage and is missing', word + more + done, word + done],
  ['an end that is missing', word + done, word],
  ['bytes that nobody sent', word + done, word + done + word],
])('%s is not explained', (_what, sent, got) => {
  expect(explain(sent, got)).toBeUndefined()
})

test('comments stay when the frame around them is cut', () => {
  expect(explain(`: hm\n${usage}${done}`, `: hm\n${done}`)).toEqual({ cut: 1, left: 0 })
})

test('a beginning is explained only where no more was to be expected', () => {
  expect(explain(word + usage + done, word.slice(0, 20), false)).toEqual({ cut: 0, left: 0 })
  expect(explain(word + usage + done, word.slice(0, 20))).toBeUndefined()
})
