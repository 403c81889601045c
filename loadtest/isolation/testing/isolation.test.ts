import { expect, test } from 'vitest'
import { testQueue } from '../../../shared/testing/test-queue.ts'
import { runLevel } from './level.ts'

// A small `npm run loadtest:isolation`: each carrier once, each sink once, callers of every kind.

test('fifty concurrent calls are not mixed up through the spool and OTLP', async () => {
  const result = await runLevel({
    calls: 50,
    carrier: { kind: 'spool' },
    sink: 'otlp',
    callers: 'mix',
    seed: 1,
  })
  expect(result.mismatches).toEqual([])
  expect(result.records).toBe(result.ledger.delivered)
  expect(result.maxConcurrent).toBeGreaterThan(40)
})

test('fifty concurrent calls are not mixed up through Redis and the ingestion API', async () => {
  const { redisUrl, queueName, prefix } = testQueue()
  const env = { REDIS_URL: redisUrl, QUEUE_NAME: queueName, QUEUE_PREFIX: prefix }
  const result = await runLevel({
    calls: 50,
    carrier: { kind: 'redis', env },
    sink: 'ingestion',
    callers: 'mix',
    seed: 2,
  })
  expect(result.mismatches).toEqual([])
  expect(result.records).toBe(result.ledger.delivered)
  expect(result.maxConcurrent).toBeGreaterThan(40)
})
