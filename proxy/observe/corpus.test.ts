import { expect, test } from 'vitest'
import type { InferenceRecord, Operation } from '../../shared/record/record.ts'
import {
  type CorpusCase,
  corpusCases,
  corpusMissing,
  expectedOf,
  headersOf,
  requestOf,
  responseOf,
} from '../../shared/testing/corpus.ts'
import { reportedMissing } from '../../shared/testing/reported.ts'
import { type Split, split } from '../../shared/testing/split.ts'
import { comparableFields } from './testing/comparable-fields.ts'
import { conformanceTable, verdictOf } from './testing/conformance.ts'
import { errorMessages } from './testing/error-messages.ts'
import { recordOfExchange } from './testing/exchange.ts'
import { expectedEnding, expectedFields } from './testing/expected-fields.ts'
import { type ReportedCase, reportedCases } from './testing/reported.ts'

const operations: Readonly<Record<string, Operation>> = {
  chat: 'chat',
  completions: 'text_completion',
  responses: 'responses',
  embeddings: 'embeddings',
  rerank: 'rerank',
}

const cases = corpusCases().filter((one) => expectedOf(one) !== undefined)
const splits: readonly Split[] = ['whole', 'line', { seed: 7 }, 'byte']

if (corpusMissing !== undefined) test.skip(corpusMissing, () => {})
if (reportedMissing !== undefined) test.skip(reportedMissing, () => {})

test.each(cases.map((one) => [one.name, one] as const))(
  'records %s as expected, however it is split',
  (_, one) => {
    const whole = record(one, 'whole')
    const expected = expectedFields(one)
    expect(pick(comparableFields(whole), Object.keys(expected))).toEqual(expected)
    for (const how of splits) {
      const inChunks = record(one, how)
      expect({ ...inChunks, times: whole.times, stream: whole.stream }).toEqual(whole)
      expect(inChunks.stream?.events).toBe(whole.stream?.events)
    }
  },
)

test.each(cases.map((one) => [one.name, one] as const))('records how %s ended', (_, one) => {
  const { ending, error } = record(one, 'whole')
  expect({ ending, failed: error !== undefined }).toEqual({
    ending: expectedEnding(one),
    failed: expectedEnding(one) !== 'completed',
  })
  if (error !== undefined) {
    expect(error.type).toMatch(/^[A-Za-z][\w.-]{1,63}$/)
    expect(error.message).toMatch(/^.{1,500}$/)
  }
})

const failed = corpusCases().filter((one) => one.meta.status >= 400 || expectedOf(one)?.error)

test.each(failed.map((one) => [one.name, one] as const))('records the message of why %s failed', (_, one) => {
  const recorded = record(one, 'whole').error?.message ?? ''
  // Keys that a provider quotes are masked, and long messages truncated.
  const beginnings = errorMessages(responseOf(one).toString()).map(
    (message) => message.replace(/\s+/g, ' ').slice(0, 400).split(/\bsk-/)[0] ?? '',
  )
  expect(beginnings.filter((beginning) => beginning.length > 5 && recorded.includes(beginning))).not.toEqual(
    [],
  )
})

test.skipIf(corpusMissing !== undefined)('no recorded exchange of any dialect is recorded wrong', () => {
  const verdicts = cases.map((one) => [one, verdictOf(one, record(one, 'byte'))] as const)
  process.stdout.write(`\n${conformanceTable(verdicts)}\n`)
  expect(verdicts.filter(([, verdict]) => verdict === 'wrong').map(([{ name }]) => name)).toEqual([])
})

test.skipIf(reportedMissing !== undefined)('no reported exchange of any dialect is recorded wrong', () => {
  const wrong = reportedCases().filter((one) => !splits.every((how) => isExact(one, how)))
  const row = ({ name }: ReportedCase) =>
    `${name.padEnd(70)}${wrong.some((one) => one.name === name) ? 'wrong' : 'exact'}`
  process.stdout.write(`\n${reportedCases().map(row).join('\n')}\n`)
  expect(wrong.map(({ name }) => name)).toEqual([])
})

test.each(reportedCases().map((one) => [one.name, one] as const))('records %s as it is right', (_, one) => {
  for (const how of splits) expect(reportedRecord(one, how)).toMatchObject(one.expected)
})

function isExact(one: ReportedCase, how: Split): boolean {
  try {
    expect(reportedRecord(one, how)).toMatchObject(one.expected)
    return true
  } catch {
    return false
  }
}

const reportedRecord = ({ call, headers, response }: ReportedCase, how: Split): InferenceRecord =>
  recordOfExchange({ call, headers, chunks: split(response, how) })

function record(one: CorpusCase, how: Split): InferenceRecord {
  const body = requestOf(one)
  return recordOfExchange({
    call: { operation: operations[one.meta.endpoint] ?? 'relay', ...(body !== undefined && { body }) },
    status: one.meta.status,
    headers: headersOf(one),
    chunks: split(responseOf(one), how),
  })
}

const pick = (from: Record<string, unknown>, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, from[name]]))
