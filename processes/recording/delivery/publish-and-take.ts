import { assembleWorker } from '../../../worker/assembly.ts'
import { takeFrom } from '../../assembly/redis-intake.ts'
import { publishTo } from '../../assembly/redis-publisher.ts'
import { redisReplays } from '../../assembly/redis-replays.ts'
import type { Deliver } from './delivery.ts'

/** Packs go to Redis, and a worker in the same thread takes some of them. */
export const deliverThrough =
  (redisUrl: string): Deliver =>
  async ({ config, registry, log, clock }, recorder) => {
    const replays = redisReplays(redisUrl, config)
    const worker = await assembleWorker(config, registry, log, clock, replays.countReplayed)
    const published = publishTo(redisUrl, config, recorder)
    const taken = takeFrom(redisUrl, config, worker)
    return {
      worker,
      // Shows the proxy's ledger, which covers records until they settle.
      carrier: { ledger: published.ledger, parts: [replays, ...taken.parts, ...published.parts] },
    }
  }
