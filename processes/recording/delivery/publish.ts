import { publishTo } from '../../assembly/redis-publisher.ts'
import type { Deliver } from './delivery.ts'

/** Packs go to Redis, for workers elsewhere. */
export const deliverTo =
  (redisUrl: string): Deliver =>
  async ({ config }, recorder) => ({ carrier: publishTo(redisUrl, config, recorder) })
