import { setTimeout as pause } from 'node:timers/promises'
import type { LedgerResponse } from '../../../shared/admin/ledger-response.ts'
import type { Threadtap } from './threadtap.ts'

export type LedgerLooks = {
  /** How often it was read. */
  readonly looks: number
  /** What was wrong with it, and when. */
  readonly problems: readonly string[]
  readonly last: LedgerResponse | undefined
}

type LedgerWatch = {
  /** As it was last seen. */
  last(): LedgerResponse | undefined
  stop(): Promise<LedgerLooks>
}

const everyMs = 25

/** Reads the ledger all the time: it must add up at every look, and nothing that was accepted may be taken back. */
export function watchLedger({ ledger }: Pick<Threadtap, 'ledger'>): LedgerWatch {
  const problems: string[] = []
  let looks = 0
  let last: LedgerResponse | undefined
  const stopping = new AbortController()

  function look(seen: LedgerResponse): void {
    looks++
    if (!seen.adds_up) problems.push(`look ${looks}: does not add up: ${JSON.stringify(seen)}`)
    for (const count of ['accepted', 'delivered', 'dead_lettered'] as const) {
      const before = last?.[count] ?? 0
      if (seen[count] < before) problems.push(`look ${looks}: ${count} fell from ${before} to ${seen[count]}`)
    }
    last = seen
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      // While the process is down there is nothing to look at.
      await ledger().then(look, () => undefined)
      await pause(everyMs)
    }
  }

  const watching = watch()
  return {
    last: () => last,
    async stop() {
      stopping.abort()
      await watching
      return { looks, problems, last }
    },
  }
}
