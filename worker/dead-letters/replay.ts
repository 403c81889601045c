import type { Consume } from '../../shared/queue/carrier.ts'
import type { DeadLetterFolder } from './dead-letter-folder.ts'

/** Only a delivered dead letter is removed. */
export type ReplayOutcome = 'delivered' | 'kept' | 'unreadable' | 'not_found'

/**
 * Sends a dead letter through the pipeline again, under its own ids.
 * @param onDelivered called with the record's origin, for the ledger
 * @returns `unreadable` for a pack that could not be decoded
 */
export async function replayDeadLetter(
  id: string,
  deadLetters: Pick<DeadLetterFolder, 'read' | 'remove'>,
  consume: Consume,
  onDelivered: (origin: string) => Promise<void>,
  signal: AbortSignal,
): Promise<ReplayOutcome> {
  const letter = await deadLetters.read(id)
  if (letter === undefined) return 'not_found'
  if (letter.record === undefined) return 'unreadable'
  const pack = { id: `p-replay-${id}`, origin: letter.origin, records: [letter.record] }
  const { settled } = await consume(pack, signal)
  if (settled.delivered !== 1) return 'kept'
  await deadLetters.remove(id)
  await onDelivered(letter.origin)
  return 'delivered'
}
