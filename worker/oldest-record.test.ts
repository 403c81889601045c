import { expect, test } from 'vitest'
import { noCounts } from '../shared/ledger/ledger.ts'
import { withOldest } from './oldest-record.ts'
import { aRecord } from './testing/records.ts'
import { aPack } from './testing/test-pipeline.ts'

test('the oldest record in hand is known, until its pack is settled or given back', async () => {
  const finish: (() => void)[] = []
  const { consume, oldestAt } = withOldest(async () => {
    await new Promise<void>((resolve) => finish.push(resolve))
    return { settled: noCounts, remaining: [] }
  })
  const endedAt = (startedAt: number) => aRecord({ times: { startedAt, durationMs: 5 } })
  expect(oldestAt()).toBeUndefined()
  const never = new AbortController().signal
  const first = consume(aPack(endedAt(2_000), endedAt(1_000)), never)
  const second = consume(aPack(endedAt(3_000)), never)
  expect(oldestAt()).toBe(1_005)
  finish[0]?.()
  await first
  expect(oldestAt()).toBe(3_005)
  finish[1]?.()
  await second
  expect(oldestAt()).toBeUndefined()
})
