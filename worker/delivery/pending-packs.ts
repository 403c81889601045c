import { isSettled, type PendingRecord } from './pending-record.ts'

type PendingPack = { readonly records: Iterable<PendingRecord>; readonly onSettled: () => void }

/** The packs that are waiting for their records to be settled. */
export function createPendingPacks() {
  const packs = new Set<PendingPack>()

  function finishIfSettled(pack: PendingPack): void {
    if (![...pack.records].every(isSettled)) return
    packs.delete(pack)
    pack.onSettled()
  }

  return {
    /** @returns resolves when each record of the pack is settled */
    untilSettled(records: Iterable<PendingRecord>): Promise<void> {
      return new Promise((onSettled) => {
        const pack = { records, onSettled }
        packs.add(pack)
        finishIfSettled(pack)
      })
    },

    /** To be called after records were settled. */
    finishSettled(): void {
      for (const pack of packs) finishIfSettled(pack)
    },
  }
}
