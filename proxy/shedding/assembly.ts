import type { Config } from '../../shared/config/load.ts'
import type { Part } from '../../shared/lifecycle.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import type { RelayCounts } from '../tape/relay-counts.ts'
import type { Tap } from '../tape/tap.ts'
import { createLoopLateness } from './loop-lateness.ts'
import { memoryShare } from './memory-share.ts'
import { createRisingMemory } from './rising-memory.ts'
import { createShedding, type SheddingChange } from './shedding.ts'
import { watchLoad } from './watch-load.ts'

export type SheddingAssembly = {
  /** @param ms by which the relay's loop was late */
  loopDelayed(ms: number): void
  state(): Pick<RelayCounts, 'kept' | 'keptReason'>
  /** None with SHED_LOAD=off. */
  readonly parts: readonly Part[]
}

/** Keeps less on the tape while the process cannot keep up. */
export function assembleShedding(
  { shedLoad }: Pick<Config, 'shedLoad'>,
  clock: Pick<Clock, 'monotonic'>,
  tap: Pick<Tap, 'keep' | 'kept' | 'fill'>,
  events: { sheddingChanged(change: SheddingChange): void },
): SheddingAssembly {
  const lateness = createLoopLateness()
  const risingMemory = createRisingMemory(clock)
  let keptReason: string | undefined
  const look = createShedding({
    clock,
    onChange(change) {
      tap.keep(change.kept)
      keptReason = change.kept === 'everything' ? undefined : reasonOf(change)
      events.sheddingChanged(change)
    },
  })
  const read = () => ({
    loopDelayMs: lateness.lately(),
    tapeFill: tap.fill,
    memoryShare: risingMemory(memoryShare()),
  })
  return {
    loopDelayed: lateness.observe,
    state: () => ({ kept: tap.kept, ...omitUndefined({ keptReason }) }),
    parts: shedLoad ? [watchLoad(read, look)] : [],
  }
}

function reasonOf({ signal, load }: SheddingChange): string {
  switch (signal) {
    case 'loopDelayMs':
      return `the event loop of the relay was ${Math.round(load.loopDelayMs)} ms late`
    case 'tapeFill':
      return `${percent(load.tapeFill)} of the tape was not recorded yet`
    case 'memoryShare':
      return `${percent(load.memoryShare)} of the memory limit was used`
  }
}

const percent = (share: number): string => `${Math.round(share * 100)} %`
