import { InvalidSettings } from '../shared/config/load.ts'
import { createRelayProcess } from './relay-process.ts'
import { runUntilStopped } from './run-until-stopped.ts'
import { runningBanner } from './running-banner.ts'

/** `threadtap proxy`: relays calls, and publishes packs of records to Redis for the workers. */
export async function proxy(env: NodeJS.ProcessEnv): Promise<void> {
  const running = createRelayProcess(env, 'proxy')
  if (running.config.redisUrl === undefined) {
    throw new InvalidSettings([
      'threadtap proxy needs REDIS_URL; without Redis, threadtap start runs everything in one process.',
    ])
  }
  await runUntilStopped(running, running.parts, () =>
    runningBanner({ ...running, title: 'threadtap proxy', delivery: 'queues', env }),
  )
}
