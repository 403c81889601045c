import { expect, test } from 'vitest'
import { testQueue } from '../../../shared/testing/test-queue.ts'
import { runLevel } from './level.ts'

// The small version of `npm run loadtest:isolation`: each carrier once, each sink once, callers of every kind.

test('fifty calls at once keep to their own threads through the spool and OTLP', async () => {
  const result = await runLevel({
    calls: 50,
    carrier: { kind: 'spool' },
    sink: 'otlp',
    callers: 'mix',
    seed: 1,
  })
  expect(result.mismatches).toEqual([])
  expect(result.records).toBe(result.ledger.delivered)
  expect(result.mostAtOnce).toBeGreaterThan(40)
})

test('fifty calls at once keep to their own threads through Redis and the older API', async () => {
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
  expect(result.mostAtOnce).toBeGreaterThan(40)
})
