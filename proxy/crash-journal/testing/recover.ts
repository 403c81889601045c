import { createRecovery } from '../recovery.ts'
import { shownCalls } from './frames.ts'

/** Recovers what is in a folder of journals, with a recorder that shows what it gets. */
export async function recoverAll(dir: string, recorded: readonly string[] = [], run = 'newer') {
  const { calls, visit } = shownCalls()
  const events: unknown[] = []
  let begun = 0
  const recovery = createRecovery({
    dir,
    run,
    visit,
    onBegin: () => {
      begun += 1
    },
    recorded: { read: async () => new Set(recorded), newest: () => 0, forget: async () => undefined },
    flush: async () => undefined,
    events: {
      callsRecovered: (replayed) => events.push(replayed),
      callsLost: (lost) => events.push({ lost }),
      recoveryFailed: (cause) => events.push(cause),
    },
  })
  await recovery.start?.()
  await recovery.done()
  return { calls, events, begun }
}
