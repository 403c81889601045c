import { type Counts, noCounts, totalOf } from '../ledger/ledger.ts'
import { decodePack, type Pack, UnreadablePack } from '../record/codec.ts'
import type { Consume, Settlement } from './carrier.ts'

/**
 * Keeps a pack that this version cannot read, before it is settled as a dead letter. A rejection settles
 * nothing, and the pack comes back.
 * @returns false where it could not be kept: its records are dropped then, and counted
 */
export type OnUnreadable = (pack: EncodedPack, cause: Error) => Promise<boolean>

export type CarrierEvents = {
  /** A pack is about to be decoded. */
  packOpened(): void
  /** Nothing of the pack was settled; it comes back later. */
  packFailed(packId: string, cause: unknown): void
}

/** A pack as the carriers hold it: its records are counted, not decoded. */
export type EncodedPack = { readonly id: string; readonly text: string; readonly records: number }

/**
 * Decodes a pack and has it consumed, whichever carrier brought it.
 * @returns a settlement that accounts for every record of the pack
 * @throws what `consume` or `onUnreadable` throw; nothing is settled then
 */
export async function consumePack(
  encoded: EncodedPack,
  consume: Consume,
  onUnreadable: OnUnreadable,
  signal: AbortSignal,
): Promise<Settlement> {
  const pack = decode(encoded)
  if (pack instanceof UnreadablePack) return deadLetterPack(encoded, pack, onUnreadable)
  const settlement = await consume(pack, signal)
  const accounted = totalOf(settlement.settled) + settlement.remaining.length
  if (accounted !== encoded.records) {
    throw new Error(`The settlement accounts for ${accounted} of ${encoded.records} records.`)
  }
  return settlement
}

/** Settles a whole pack as a dead letter, without decoding it. */
export async function deadLetterPack(
  encoded: EncodedPack,
  cause: Error,
  onUnreadable: OnUnreadable,
): Promise<Settlement> {
  const kept = await onUnreadable(encoded, cause)
  return { settled: unreadableCounts(encoded.records, kept), remaining: [] }
}

/** @param kept whether the records are among the dead letters now */
export function unreadableCounts(records: number, kept: boolean): Counts {
  return kept
    ? { ...noCounts, deadLettered: records }
    : { ...noCounts, dropped: { dead_letters_full: records } }
}

/** Checked before anything is sent: a pack that can never be settled would be sent again for ever. */
function decode({ id, text, records }: EncodedPack): Pack | UnreadablePack {
  try {
    const pack = decodePack(text)
    if (pack.records.length === records) return { ...pack, id }
    return new UnreadablePack(`it holds ${pack.records.length} records, and should hold ${records}`)
  } catch (cause) {
    if (cause instanceof UnreadablePack) return cause
    throw cause
  }
}
