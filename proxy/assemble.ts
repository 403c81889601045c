import { join } from 'node:path'
import type { Registry } from 'prom-client'
import type { Clock } from '../shared/clock.ts'
import type { Config } from '../shared/config/load.ts'
import type { HttpPort } from '../shared/http-port.ts'
import type { Part } from '../shared/lifecycle.ts'
import type { Logger } from '../shared/logger.ts'
import { spoolReadings, upstreamReadings } from '../shared/metrics/catalogue.ts'
import { createReadings } from '../shared/metrics/readings.ts'
import { openSpool, type Spool } from '../shared/queue/spool.ts'
import { threadLogger } from '../shared/thread-logs/thread-logger.ts'
import { createThreadLogs, type LineDrop, type ThreadLogs } from '../shared/thread-logs/thread-logs.ts'
import { createApp, type ProxyParts } from './app.ts'
import { createDataPort } from './data-port.ts'
import { createProxyEvents, type ProxyEvents } from './events.ts'
import { heldBytesMax } from './ingress/body.ts'
import { assembleContext } from './ingress/context-store/assemble.ts'
import { targetFinder } from './ingress/target.ts'
import { upstreamsOf } from './ingress/upstreams.ts'
import { createAttempts } from './observe/attempts.ts'
import { createOutbox, type Outbox } from './outbox/outbox.ts'
import { createUnreadable } from './unreadable.ts'
import { createUpgrade } from './upgrade.ts'
import { createDispatcher } from './upstream/dispatcher.ts'
import { createUsageRefusals } from './upstream/usage-refusals.ts'

export type ProxySide = {
  readonly spool: Spool
  readonly outbox: Outbox
  readonly dataPort: HttpPort
  readonly events: ProxyEvents
  /** In the order of starting; what carries the records on goes between the spool and the rest. */
  readonly parts: { readonly spool: Part; readonly calls: readonly Part[] }
}

/** Request bodies that are held at once, all calls together. */
const heldBytesInAll = 8 * heldBytesMax

/** Records that may be in memory while the spool's disk fails. */
const spoolMemoryBytes = 32 * 1024 * 1024

/**
 * Puts the proxy together; nothing runs yet but the spool, which is open.
 * @throws SpoolInUse when another process has the data folder
 */
export async function assembleProxy(
  config: Config,
  registry: Registry,
  log: Logger,
  clock: Clock,
): Promise<ProxySide> {
  const threadLogs = config.threadLogs ? openThreadLogs() : undefined
  const events = createProxyEvents(
    registry,
    log,
    threadLogs && threadLogger(config.logLevel, 'proxy', threadLogs),
  )
  const spool = await openSpool({
    dir: config.dataDir,
    maxBytes: config.spoolMaxBytes,
    memoryMaxBytes: spoolMemoryBytes,
    events,
  })
  const outbox = createOutbox({ spool, events })
  const dispatcher = createDispatcher(config.upstreamTimeoutMs)
  const context = assembleContext(config, clock, events)
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
    clock,
    events,
    accept: outbox.accept,
  }
  const dataPort = createDataPort(
    { app: createApp(proxy), onUpgrade: createUpgrade(proxy), onUnreadable: createUnreadable(proxy) },
    config,
  )
  createReadings(upstreamReadings, registry, { usageRefusalsRemembered: () => refusals.size() })
  createReadings(spoolReadings, registry, {
    spoolRecords: () => spool.ledger().spooled + outbox.waiting(),
    spoolBytes: () => spool.size().bytes,
  })

  function openThreadLogs(): ThreadLogs {
    const onDropped = (lines: number, reason: LineDrop): void => events.threadLogDropped(lines, reason)
    return createThreadLogs({ folder: join(config.dataDir, 'logs'), clock, onDropped })
  }

  return {
    spool,
    outbox,
    dataPort,
    events,
    parts: {
      spool: { name: 'spool', stop: () => spool.close() },
      calls: [
        ...(threadLogs === undefined ? [] : [threadLogs]),
        { name: 'outbox', stop: () => outbox.flush() },
        { name: 'upstream connections', stop: () => dispatcher.destroy() },
        context.part,
        dataPort,
      ],
    },
  }
}
