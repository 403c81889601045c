import type { Kept } from '../../proxy/tape/kept.ts'
import type { RelayCounts } from '../../proxy/tape/relay-counts.ts'
import type { Degradations } from '../../shared/degradation/degradations.ts'

const effects: Readonly<Record<Exclude<Kept, 'everything'>, string>> = {
  no_content: 'calls go on and are recorded without their content, because threadtap cannot keep up',
  metadata: 'calls go on and are recorded without their bodies, because threadtap cannot keep up',
  counts: 'calls go on and are only counted, because threadtap cannot keep up',
}

/** Shows in /readyz and in the metrics of degraded parts that less is kept of calls; each change counts once. */
export function noteOverload({ kept, keptReason = '' }: RelayCounts, degradations: Degradations): void {
  if (kept === 'everything') return void degradations.recovered('overload')
  const shown = degradations.list().find(({ part }) => part === 'overload')
  if (shown?.effect !== effects[kept]) degradations.failed('overload', effects[kept], keptReason)
}
