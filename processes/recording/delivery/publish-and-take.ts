import { assembleWorker } from '../../../worker/assembly.ts'
import { takeFrom } from '../../assembly/redis-intake.ts'
import { publishTo } from '../../assembly/redis-publisher.ts'
import { redisQueries } from '../../assembly/redis-queries.ts'
import type { Deliver } from './delivery.ts'

/** Packs go to Redis, and a worker in the same thread takes some of them. */
export const deliverThrough =
  (redisUrl: string): Deliver =>
  async (runtime, recorder) => {
    const { config } = runtime
    const queries = redisQueries(redisUrl, runtime)
    const worker = assembleWorker(runtime, queries.countReplayed, queries.media)
    const published = publishTo(redisUrl, config, recorder)
    const taken = takeFrom(redisUrl, config, worker)
    return {
      worker,
      // Shows the proxy's ledger, which covers records until they settle.
      carrier: { ledger: published.ledger, parts: [queries, ...taken.parts, ...published.parts] },
    }
  }
