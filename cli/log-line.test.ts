import { expect, test } from 'vitest'
import { linesOf, logLine } from './log-line.ts'

const time = new Date(2026, 10, 20, 9, 3, 7)
const screen = { width: 60, now: time.getTime() }
const entry = {
  level: 'info',
  time: time.toISOString(),
  role: 'start',
  thread: 'one',
  call: '019abc00000000000000000000c0ffee',
  ms: 345,
  usage: { input: 1 },
  msg: 'call ended',
}

test('a line of a log is shown for people, within the width', () => {
  expect(logLine(JSON.stringify(entry), screen)).toBe(
    '09:03:07 info  call ended\n' +
      '               call=019abc00000000000000000000c0ffee ms=345\n' +
      '               usage={"input":1}\n',
  )
})

test('what is not a line of our log is shown as it is', () => {
  expect(logLine('oops \u001b[2J', screen)).toBe('oops [2J\n')
})

test('lines are whole, however the text is cut, the last one without an end included', async () => {
  async function* pieces() {
    yield 'one\ntw'
    yield 'o\n'
    yield 'three'
  }
  const lines: string[] = []
  for await (const line of linesOf(pieces())) lines.push(line)
  expect(lines).toEqual(['one', 'two', 'three'])
})
