import type { Dispatcher } from 'undici'
import type { Clock } from '../shared/timing/clock.ts'
import type { LoopWatch } from '../shared/timing/loop-watch.ts'
import type { ContextRouteParts } from './attribution/store/routes.ts'
import type { PresetIds } from './id-headers.ts'
import type { Access } from './ingress/access/access.ts'
import type { BodyBudget } from './ingress/body.ts'
import type { FindTarget } from './ingress/target.ts'
import type { RelayEvents } from './relay-events.ts'
import type { Tap } from './tape/tap.ts'
import type { UsageRefusals } from './upstream/usage-refusals.ts'

/** Everything that the path of a call is made of. */
export type RelayParts = {
  readonly access: Access
  readonly findTarget: FindTarget
  readonly dispatcher: Dispatcher
  readonly injectUsage: boolean
  readonly refusals: UsageRefusals
  readonly budget: BodyBudget
  readonly contextRoutes: ContextRouteParts
  readonly presets: PresetIds
  readonly tap: Tap
  readonly clock: Clock
  readonly events: RelayEvents
  readonly loopWatch: Pick<LoopWatch, 'note'>
}
