import { banner } from './banner.ts'
import { createRelayProcess } from './relay-process.ts'
import { runUntilStopped } from './run-until-stopped.ts'
import { surroundingsOf } from './surroundings.ts'

/** `threadtap start`: relay, recorder and worker in one process, with Redis between the latter only when it is configured. */
export async function start(env: NodeJS.ProcessEnv): Promise<void> {
  const { parts, addresses, ...running } = createRelayProcess(env, 'start')
  await runUntilStopped(running, parts, async () =>
    banner(
      'threadtap',
      running.config,
      addresses(),
      await surroundingsOf(running.config, 'delivers', running.degraded(), env),
    ),
  )
}
