import { until } from '../../../shared/testing/until.ts'
import { createRecovery, type RecoveryOptions } from '../recovery.ts'
import { shownCalls } from './frames.ts'

type Setup = Partial<Pick<RecoveryOptions, 'run' | 'own' | 'flush' | 'probationMs'>> & {
  /** The process ends then; else when all has been recovered. */
  readonly stopWhen?: () => boolean
}

/** Recovers what is in a folder of journals, with a recorder that shows what it gets. */
export async function recoverAll(dir: string, recorded: readonly string[] = [], setup: Setup = {}) {
  const { run = 'newer', own = 'newer-1.0', flush = async () => undefined, probationMs = 1, stopWhen } = setup
  const { calls, visit } = shownCalls()
  const events: unknown[] = []
  let begun = 0
  const recovery = createRecovery({
    ...{ dir, run, own, visit, flush, probationMs },
    onBegin: () => {
      begun += 1
    },
    recorded: { read: async () => new Set(recorded), newest: () => 0, forget: async () => undefined },
    events: {
      callsRecovered: (replayed) => events.push(replayed),
      callsLost: (lost) => events.push({ lost }),
      journalUnreadable: (bytes) => events.push({ unreadable: bytes }),
      recoveryFailed: (cause) => events.push(cause),
    },
  })
  await recovery.start?.()
  if (stopWhen !== undefined) {
    await until(async () => stopWhen())
    await recovery.stop?.(AbortSignal.abort())
  }
  await recovery.done()
  return { calls, events, begun }
}
