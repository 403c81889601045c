import { afterTurns } from '../../shared/timing/after-turns.ts'
import type { DiskEvents } from './disk-events.ts'

/**
 * Runs a write. A disk that hangs fails nothing: what comes meanwhile waits in memory, and somebody has to say so.
 * @param answerMs a write that takes longer is shown as failed until it ends
 */
export async function watchAnswer(
  write: () => Promise<void>,
  answerMs: number,
  { spoolFailed, spoolRecovered }: Pick<DiskEvents, 'spoolFailed' | 'spoolRecovered'>,
): Promise<void> {
  let isShown = false
  const endWatch = afterTurns(answerMs, () => {
    isShown = true
    spoolFailed('write', new Error('The disk of the spool does not answer.'))
  })
  try {
    await write()
  } finally {
    endWatch()
  }
  if (isShown) spoolRecovered()
}
