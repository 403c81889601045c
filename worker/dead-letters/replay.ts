import type { Consume } from '../../shared/queue/carrier.ts'
import type { DeadLetters } from './dead-letter-folder.ts'

/** What came of replaying one dead letter. Only a delivered one is removed. */
export type ReplayOutcome = 'delivered' | 'kept' | 'unreadable' | 'not_found'

/**
 * Gives a dead letter back through the pipeline, under its own ids.
 * @param replayed told the origin of a record that was delivered after all, for the ledger
 * @returns `unreadable` for the text of a pack that no version of the record fits
 */
export async function replayDeadLetter(
  id: string,
  deadLetters: DeadLetters,
  consume: Consume,
  replayed: (origin: string) => Promise<void>,
  signal: AbortSignal,
): Promise<ReplayOutcome> {
  const letter = await deadLetters.read(id)
  if (letter === undefined) return 'not_found'
  if (letter.record === undefined) return 'unreadable'
  const pack = { id: `p-replay-${id}`, origin: letter.origin, records: [letter.record] }
  const { settled } = await consume(pack, signal)
  if (settled.delivered !== 1) return 'kept'
  await deadLetters.remove(id)
  await replayed(letter.origin)
  return 'delivered'
}
