import { join } from 'node:path'
import type { Part } from '../../shared/lifecycle.ts'
import type { RedisClient } from '../../shared/queue/redis.ts'
import { manyListenerAbort } from '../../shared/timing/abort.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import { createGenerations, type Generations, type GenerationsOptions } from './generations.ts'
import { createLocalGenerations } from './local-generations.ts'
import { createSharedGenerations } from './shared-generations.ts'

export type GenerationAssembly = {
  readonly generations: Generations
  /** Stopped after the tape has been read, and before what the last results wait for. */
  readonly part: Part
}

export type GenerationAssemblyOptions = Pick<GenerationsOptions, 'urls' | 'accept' | 'begin' | 'retryMs'> & {
  /** DATA_DIR; without it open generations are forgotten with the process. */
  readonly dir: string | undefined
  /** With REDIS_URL. */
  readonly redis: RedisClient | undefined
  /** QUEUE_PREFIX */
  readonly prefix: string
  readonly clock: Clock
  readonly events: GenerationsOptions['events'] & { generationsNotKept(cause: unknown): void }
}

export function assembleGenerations(options: GenerationAssemblyOptions): GenerationAssembly {
  const { dir, redis, prefix, clock, events, ...rest } = options
  const stopping = manyListenerAbort()
  const local = createLocalGenerations({
    dir: dir === undefined ? undefined : join(dir, 'generations'),
    now: () => clock.now(),
    onFailure: events.generationsNotKept,
  })
  const shared = redis === undefined ? undefined : createSharedGenerations(redis, prefix)
  return {
    generations: createGenerations({ ...rest, local, shared, events, stopping: stopping.signal }),
    part: {
      name: 'generations',
      start: local.start,
      async stop() {
        stopping.abort()
        await local.flush()
      },
    },
  }
}
