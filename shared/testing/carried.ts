import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { inject, onTestFinished } from 'vitest'
import { openSpool } from '../queue/open-spool.ts'
import type { QueueNames } from '../queue/queue-names.ts'
import type { Spool, SpoolOptions } from '../queue/spool.ts'
import type { InferenceRecord } from '../record/record.ts'
import { tempDir } from './temp-dir.ts'

/** @returns a record whose id is the number, and nothing else of interest */
export function numberedRecord(number: number): InferenceRecord {
  return {
    v: 1,
    id: String(number),
    trace: { traceId: '0'.repeat(32), spanId: '0'.repeat(16) },
    context: { tags: [], metadata: {} },
    operation: 'chat',
    method: 'POST',
    route: '/v1/chat/completions',
    provider: 'openai',
    upstream: 'default',
    request: { stream: false, parameters: {}, bodyBytes: 0, retry: 0 },
    response: { bodyBytes: 0 },
    usage: { provenance: 'missing' },
    times: { startedAt: 0, durationMs: 0 },
    ending: 'completed',
  }
}

export const silentSpool = { dropped: () => {}, spoolFailed: () => {}, spoolRecovered: () => {} }

/** @returns a spool that is closed when the running test has finished */
export async function testSpool(options: Partial<SpoolOptions> = {}): Promise<Spool> {
  const dir = options.dir ?? tempDir()
  const spool = await openSpool({ dir, maxBytes: 1e9, memoryMaxBytes: 1e6, events: silentSpool, ...options })
  onTestFinished(spool.close)
  return spool
}

/** Puts records with these numbers, as one pack. */
export async function putNumbers(spool: Spool, ...numbers: readonly number[]): Promise<void> {
  await spool.put(numbers.map((number) => JSON.stringify(numberedRecord(number))))
}

/** A queue of the test's own in the Redis that all tests share. */
export function testQueue(): QueueNames & { readonly redisUrl: string } {
  const queue = { redisUrl: inject('redisUrl'), queueName: 'packs', prefix: `{test-${randomUUID()}}` }
  onTestFinished(() => removeKeys(queue.redisUrl, queue.prefix))
  return queue
}

async function removeKeys(redisUrl: string, prefix: string): Promise<void> {
  const redis = new Redis(redisUrl)
  for await (const keys of redis.scanStream({ match: `${prefix}*` })) {
    if (keys.length > 0) await redis.unlink(...keys)
  }
  redis.disconnect()
}

/** Resolves when the condition holds; the test's own time limit is the only one. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10))
}
