import type { Config } from '../../shared/config/load.ts'
import type { Part } from '../../shared/lifecycle.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import { pause } from '../../shared/timing/pause.ts'
import type { ContextParts } from './pending-attribution.ts'
import { createLookUps, type LookUpEvents } from './store/look-ups.ts'
import { createMemoryStore } from './store/memory-store.ts'
import { createRedisStore } from './store/redis-store.ts'
import type { RegisteredContexts } from './store/store.ts'

export type ContextAssembly = {
  readonly forCalls: ContextParts
  /** Where contexts are registered. */
  readonly store: RegisteredContexts
  /** Stopped after the data port and before the outbox: the last records wait for the last look-ups. */
  readonly part: Part
}

export type ContextEvents = LookUpEvents & {
  contextEvicted(): void
  placeholderIgnored(source: 'context'): void
  attributionFailed(cause: unknown): void
}

/** How long a stopping process waits for Redis. */
const lastLookUpMs = 1_000

/**
 * Assembles the context store: in Redis where there is one, else in memory.
 * @param recordsIdle resolves when no record waits for a look-up
 */
export function assembleContext(
  config: Pick<Config, 'redisUrl' | 'queuePrefix' | 'contextDefaults'>,
  clock: Clock,
  events: ContextEvents,
  recordsIdle: () => Promise<void>,
): ContextAssembly {
  const { redisUrl, queuePrefix: prefix } = config
  const redis = redisUrl === undefined ? undefined : createRedisStore({ redisUrl, prefix, clock })
  const store = redis ?? createMemoryStore({ clock, onEvicted: events.contextEvicted })
  return {
    forCalls: {
      lookUp: createLookUps(store, events),
      defaults: config.contextDefaults,
      onPlaceholder: () => events.placeholderIgnored('context'),
      onFailure: events.attributionFailed,
    },
    store,
    part: {
      name: 'contexts',
      start: () => redis?.start(),
      async stop(deadline) {
        const idle = recordsIdle()
        await Promise.race([idle, pause(lastLookUpMs, deadline)])
        // Pending look-ups fail with the connection, and their records go on without a registered context.
        redis?.stop()
        await idle
      },
    },
  }
}
