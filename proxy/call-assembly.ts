import type { Config } from '../shared/config/load.ts'
import type { HttpPort } from '../shared/http/http-port.ts'
import type { Part } from '../shared/lifecycle.ts'
import type { Clock } from '../shared/timing/clock.ts'
import { createApp, type ProxyParts, refuseMalformed } from './app.ts'
import { assembleContext } from './attribution/assembly.ts'
import { createDataPort } from './data-port.ts'
import { heldBytesMax } from './ingress/body.ts'
import { targetFinder } from './ingress/target.ts'
import { upstreamsOf } from './ingress/upstreams.ts'
import { createAttempts } from './observe/attempts.ts'
import { createPendingRecords } from './pending-records.ts'
import { createUpgrade } from './upgrade.ts'
import { createDispatcher } from './upstream/dispatcher.ts'
import { createUsageRefusals } from './upstream/usage-refusals.ts'

/** What takes calls and makes records of them. */
export type CallAssembly = {
  readonly dataPort: HttpPort
  /** In the order of starting. */
  readonly parts: readonly Part[]
  /** How many upstreams and models are known to refuse `stream_options`. */
  usageRefusalsRemembered(): number
}

/** What is told of calls: what happened to them, and their records. */
export type CallListener = Pick<ProxyParts, 'events' | 'accept'>

/** Request bodies that are held at once, all calls together. */
const heldBytesInAll = 8 * heldBytesMax

/** Puts together the way of the calls; nothing runs yet. */
export function assembleCalls(config: Config, clock: Clock, { events, accept }: CallListener): CallAssembly {
  const dispatcher = createDispatcher(config.upstreamTimeoutMs)
  const underWay = createPendingRecords()
  const context = assembleContext(config, clock, events, underWay.idle)
  const refusals = createUsageRefusals(clock)
  const proxy: ProxyParts = {
    findTarget: targetFinder(upstreamsOf(config)),
    dispatcher,
    capture: { content: config.captureContent, maxBytes: config.captureMaxBytes },
    attempts: createAttempts(clock),
    injectUsage: config.injectUsage === 'auto',
    refusals,
    budget: { free: heldBytesInAll },
    context,
    underWay,
    clock,
    events,
    accept,
  }
  const dataPort = createDataPort(
    createApp(proxy),
    { onUpgrade: createUpgrade(proxy), onMalformed: (cause) => refuseMalformed(cause, events) },
    config,
  )
  return {
    dataPort,
    parts: [{ name: 'upstream connections', stop: () => dispatcher.destroy() }, context.part, dataPort],
    usageRefusalsRemembered: () => refusals.size(),
  }
}
