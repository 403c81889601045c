import { createRelayProcess } from './relay-process.ts'
import { runUntilStopped } from './run-until-stopped.ts'
import { runningBanner } from './running-banner.ts'

/** `threadtap start`: relay, recorder and worker in one process, with Redis between the latter only when it is configured. */
export async function start(env: NodeJS.ProcessEnv): Promise<void> {
  const running = createRelayProcess(env, 'start')
  await runUntilStopped(running, running.parts, () =>
    runningBanner({ ...running, title: 'threadtap', delivery: 'delivers', env }),
  )
}
