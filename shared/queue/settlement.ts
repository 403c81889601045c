import { type Counts, noCounts, totalOf } from '../ledger/ledger.ts'
import { decodePack, type Pack, UnreadablePack } from '../record/codec.ts'
import type { Consume, Settlement } from './carrier.ts'

/**
 * Keeps a pack that nobody here can read, before it is settled as a dead letter. A rejection brings it back.
 * @returns false where it could not be kept: its records are dropped then, and counted
 */
export type OnUnreadable = (pack: CarriedPack, cause: Error) => Promise<boolean>

/** Called when a pack was not worked off and will come back. */
export type CarrierEvents = {
  packFailed(packId: string, cause: unknown): void
}

/** A pack as a carrier has it. */
export type CarriedPack = { readonly id: string; readonly text: string; readonly records: number }

/**
 * Has one pack worked off, whichever way it came.
 * @returns a settlement that speaks of every record of the pack
 * @throws what `consume` or `onUnreadable` throw; nothing is settled then
 */
export async function workOff(
  carried: CarriedPack,
  consume: Consume,
  onUnreadable: OnUnreadable,
  signal: AbortSignal,
): Promise<Settlement> {
  const pack = readPack(carried)
  if (pack instanceof UnreadablePack) {
    return giveUp(carried, pack, onUnreadable)
  }
  const settlement = await consume(pack, signal)
  const spokenOf = totalOf(settlement.settled) + settlement.remaining.length
  if (spokenOf !== carried.records) {
    throw new Error(`The settlement speaks of ${spokenOf} of ${carried.records} records.`)
  }
  return settlement
}

/** Settles a whole pack as a dead letter. */
export async function giveUp(
  carried: CarriedPack,
  cause: Error,
  onUnreadable: OnUnreadable,
): Promise<Settlement> {
  const kept = await onUnreadable(carried, cause)
  return { settled: givenUp(carried.records, kept), remaining: [] }
}

/** @param kept whether the records are with the dead letters now */
export function givenUp(records: number, kept: boolean): Counts {
  return kept
    ? { ...noCounts, deadLettered: records }
    : { ...noCounts, dropped: { dead_letters_full: records } }
}

function readPack({ id, text }: CarriedPack): Pack | UnreadablePack {
  try {
    return { ...decodePack(text), id }
  } catch (cause) {
    if (cause instanceof UnreadablePack) return cause
    throw cause
  }
}
