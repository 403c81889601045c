import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLogger } from './logger.ts'
import { createThrottledLog } from './throttled-log.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A log whose lines are kept as `<level> <message>`, with what was left out. */
function keptLog() {
  const lines: string[] = []
  const log = createLogger('info', 'test', {
    write(text: string) {
      const { level, msg, left_out } = JSON.parse(text)
      lines.push(`${level} ${msg}${left_out === undefined ? '' : `, ${left_out} left out`}`)
    },
  })
  return { lines, log }
}

function throttledLog() {
  const { lines, log } = keptLog()
  return { lines, log: createThrottledLog(log, 1_000) }
}

test('a line is written at once, and its repetitions once in a while, with how many were left out', () => {
  const { lines, log } = throttledLog()
  for (const text of ['first', 'second', 'third', 'fourth']) log.warn('refused', {}, text)
  expect(lines).toEqual(['warn first'])
  vi.advanceTimersByTime(1_000)
  expect(lines).toEqual(['warn first', 'warn fourth, 2 left out'])
  log.warn('refused', {}, 'fifth')
  vi.advanceTimersByTime(1_000)
  expect(lines).toEqual(['warn first', 'warn fourth, 2 left out', 'warn fifth'])
})

test('a line that did not repeat is written at once the next time', () => {
  const { lines, log } = throttledLog()
  log.info('dropped', {}, 'dropped')
  vi.advanceTimersByTime(1_000)
  log.info('dropped', {}, 'dropped')
  expect(lines).toEqual(['info dropped', 'info dropped'])
})

test('lines of different kinds do not keep each other out', () => {
  const { lines, log } = throttledLog()
  log.error('refused', {}, 'refused')
  log.error('dropped', {}, 'dropped')
  expect(lines).toEqual(['error refused', 'error dropped'])
})

test('a line may go to a log of its own, and is one of its kind there too', () => {
  const { lines, log } = throttledLog()
  const own = keptLog()
  log.error('refused', {}, 'first', own.log)
  log.error('refused', {}, 'second')
  vi.advanceTimersByTime(1_000)
  expect(own.lines).toEqual(['error first'])
  expect(lines).toEqual(['error second'])
})
