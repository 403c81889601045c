import { publishTo } from '../../assembly/redis-publisher.ts'
import { redisQueries } from '../../assembly/redis-queries.ts'
import type { Deliver } from './delivery.ts'

/** Packs go to Redis, for workers elsewhere. */
export const deliverTo =
  (redisUrl: string): Deliver =>
  async (runtime, recorder) => {
    const queries = redisQueries(redisUrl, runtime)
    const { ledger, parts } = publishTo(redisUrl, runtime.config, recorder)
    return { carrier: { ledger, parts: [queries, ...parts] } }
  }
