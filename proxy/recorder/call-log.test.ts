import { expect, test } from 'vitest'
import { createLogger } from '../../shared/logger.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { numberedRecord } from '../../shared/testing/numbered-record.ts'
import { createCallLog } from './call-log.ts'

function logged(level: string, records: readonly InferenceRecord[]): readonly string[] {
  const lines: string[] = []
  const log = createCallLog(createLogger(level, 'proxy', { write: (line) => void lines.push(line) }))
  for (const record of records) log.ended(record)
  return lines
}

const failed = (upstream: string): InferenceRecord => ({
  ...numberedRecord(1),
  upstream,
  ending: 'upstream_error',
  error: { type: 'upstream_unreachable', message: 'no connection' },
})

test('while an upstream is away, one of its calls has a line', () => {
  const lines = logged('info', [failed('a'), failed('a'), failed('b'), failed('a'), numberedRecord(2)])
  expect(lines.map((line) => JSON.parse(line).upstream)).toEqual(['a', 'b'])
})

test('with LOG_LEVEL=debug each call has one', () => {
  expect(logged('debug', [failed('a'), failed('a'), numberedRecord(2)])).toHaveLength(3)
})
