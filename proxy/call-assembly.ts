import type { Config } from '../shared/config/load.ts'
import type { HttpPort } from '../shared/http/http-port.ts'
import type { Part } from '../shared/lifecycle.ts'
import type { Clock } from '../shared/timing/clock.ts'
import { createApp, type ProxyParts, rejectMalformed } from './app.ts'
import { assembleContext } from './attribution/assembly.ts'
import { createDataPort } from './data-port.ts'
import { maxHeldBytes } from './ingress/body.ts'
import { targetFinder } from './ingress/target.ts'
import { upstreamsOf } from './ingress/upstreams.ts'
import { createAttempts } from './observe/attempts.ts'
import { createPendingRecords } from './pending-records.ts'
import { createUpgrade } from './upgrade.ts'
import { createDispatcher } from './upstream/dispatcher.ts'
import { createUsageRefusals } from './upstream/usage-refusals.ts'

/** The parts that relay calls and make their records. */
export type CallAssembly = {
  readonly dataPort: HttpPort
  /** In start order. */
  readonly parts: readonly Part[]
  /** Pairs of upstream and model that are known to reject `stream_options`. */
  usageRefusalsRemembered(): number
}

/** Where events and records of calls go. */
export type CallOutputs = Pick<ProxyParts, 'events' | 'accept'>

/** Limit of the request bodies held at once by all calls together. */
const maxTotalHeldBytes = 8 * maxHeldBytes

/** Wires the path of a call; nothing runs yet. */
export function assembleCalls(config: Config, clock: Clock, { events, accept }: CallOutputs): CallAssembly {
  const dispatcher = createDispatcher(config.upstreamTimeoutMs)
  const pendingRecords = createPendingRecords()
  const context = assembleContext(config, clock, events, pendingRecords.idle)
  const refusals = createUsageRefusals(clock)
  const proxy: ProxyParts = {
    findTarget: targetFinder(upstreamsOf(config)),
    dispatcher,
    capture: { content: config.captureContent, maxBytes: config.captureMaxBytes },
    attempts: createAttempts(clock),
    injectUsage: config.injectUsage === 'auto',
    refusals,
    budget: { free: maxTotalHeldBytes },
    context,
    pendingRecords,
    clock,
    events,
    accept,
  }
  const dataPort = createDataPort(
    createApp(proxy),
    { onUpgrade: createUpgrade(proxy), onMalformed: (cause) => rejectMalformed(cause, events) },
    config,
  )
  return {
    dataPort,
    parts: [{ name: 'upstream connections', stop: () => dispatcher.destroy() }, context.part, dataPort],
    usageRefusalsRemembered: () => refusals.size(),
  }
}
