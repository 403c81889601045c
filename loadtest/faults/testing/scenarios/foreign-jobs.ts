import { Queue } from 'bullmq'
import type { Scenario } from '../scenario.ts'

/** A pack as version 0.1.0 first wrote it: without a checksum, and without the fields that came later. */
const earlierPack = (traceId: string): string =>
  JSON.stringify({
    v: 1,
    id: 'p-earlier-1',
    origin: 'earlier',
    records: [
      {
        v: 1,
        id: '0'.repeat(31).concat('1'),
        trace: { traceId, spanId: '00000000000000ab' },
        context: { tags: [], metadata: {} },
        operation: 'chat',
        method: 'POST',
        route: '/v1/chat/completions',
        provider: 'openai',
        upstream: 'default',
        request: { stream: false, parameters: {}, bodyBytes: 0, retry: 0 },
        response: { bodyBytes: 0, status: 200 },
        usage: { provenance: 'missing' },
        times: { startedAt: Date.now(), durationMs: 1 },
        ending: 'completed',
      },
    ],
  })

const foreign = {
  'p-earlier-2': '{ this is no JSON',
  'p-earlier-3': '{"v":7,"id":"p-earlier-3","origin":"earlier","records":[{}]}',
  'p-earlier-4': '{"v":1,"id":"p-earlier-4","origin":"earlier","records":[42]}',
} as const

const earlierTrace = 'e'.repeat(32)

export const foreignJobs: Scenario = {
  name: 'foreign-jobs',
  injected:
    'jobs in the queue that hold no JSON, a pack of a later version, no record, and a pack of an earlier version',
  demands:
    'What cannot be read is kept as it is, as a dead letter; what an earlier version wrote is delivered; others flow.',
  world: { deployment: 'split' },
  quick: true,
  async inject({ world }) {
    const queue = new Queue('packs', { connection: { port: world.redis.port }, prefix: '{faults}' })
    const jobs = { ...foreign, 'p-earlier-1': earlierPack(earlierTrace) }
    for (const [jobId, pack] of Object.entries(jobs)) {
      await queue.add('pack', { pack, records: 1 }, { jobId })
    }
    await queue.close()
  },
  async verify({ world, check }) {
    const ledger = await world.worker.untilLedger(({ queued }) => queued === 0)
    const count = Object.keys(foreign).length
    check(ledger.dead_lettered === count, `${ledger.dead_lettered} dead letters at the worker, not ${count}`)
    const isThere = world.langfuse.observations().some(({ traceId }) => traceId === earlierTrace)
    check(isThere, 'the record of the earlier version is not at the sink')
  },
}
