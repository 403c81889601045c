import type { Dispatcher } from 'undici'
import type { InjectUsageModes } from '../shared/config/parsers.ts'
import type { Clock } from '../shared/timing/clock.ts'
import type { LoopWatch } from '../shared/timing/loop-watch.ts'
import type { ContextRouteParts } from './attribution/store/routes.ts'
import type { PresetIds } from './id-headers.ts'
import type { Access } from './ingress/access/access.ts'
import type { BodyBudget } from './ingress/body.ts'
import type { FindTarget } from './ingress/target.ts'
import type { RelayEvents } from './relay-events.ts'
import type { Tap } from './tape/tap.ts'
import type { KnownReporting } from './usage-reporting/known-reporting.ts'

/** Everything that the path of a call is made of. */
export type RelayParts = {
  readonly access: Access
  readonly findTarget: FindTarget
  readonly dispatcher: Dispatcher
  /** INJECT_USAGE */
  readonly injectUsage: InjectUsageModes
  readonly reporting: KnownReporting
  /** Bytes of a request body whose tokens can be estimated, as all of it is recorded. */
  readonly estimableBytes: number
  readonly budget: BodyBudget
  /** MAX_CALLS_IN_FLIGHT */
  readonly maxCalls: number
  readonly contextRoutes: ContextRouteParts
  readonly presets: PresetIds
  readonly tap: Tap
  readonly clock: Clock
  readonly events: RelayEvents
  readonly loopWatch: Pick<LoopWatch, 'note' | 'wasBlocked'>
}
