import type { RecorderAssembly } from '../../proxy/recorder/recorder-assembly.ts'
import type { RelayCounts } from '../../proxy/tape/relay-counts.ts'
import type { Degradations } from '../../shared/degradation/degradations.ts'
import { withDeadline } from '../../shared/timing/deadline.ts'
import { noteOverload } from './note-overload.ts'
import type { RelayFunctions } from './protocol.ts'

/** The functions of the relay's thread, as they are called from the recording thread. */
export type Relay = {
  [F in keyof RelayFunctions]: (
    ...args: Parameters<RelayFunctions[F]>
  ) => Promise<ReturnType<RelayFunctions[F]>>
}

/** A relay that does not answer for so long is shown as it was. */
const relayAnswerMs = 1_000

/** Reads the relay's counts. Both resolve to undefined where it does not answer. */
export type RelayReadings = {
  /** Counts calls that found no room on the tape as dropped records. */
  counts(): Promise<RelayCounts | undefined>
  /** Also notes whether less is kept of calls. */
  countsAndLoad(): Promise<RelayCounts | undefined>
}

export function createRelayReadings(
  relay: Pick<Relay, 'counts'>,
  { spool }: Pick<RecorderAssembly, 'spool'>,
  degradations: Degradations,
): RelayReadings {
  let countedAsLost = 0

  async function counts(): Promise<RelayCounts | undefined> {
    const read = await withDeadline(relayAnswerMs, () => relay.counts()).catch(() => undefined)
    if (read !== undefined && read.lostCalls > countedAsLost) {
      spool.reject(read.lostCalls - countedAsLost, 'recorder_full')
      countedAsLost = read.lostCalls
    }
    return read
  }

  return {
    counts,
    async countsAndLoad() {
      const read = await counts()
      if (read !== undefined) noteOverload(read, degradations)
      return read
    },
  }
}
