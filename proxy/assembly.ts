import { join } from 'node:path'
import type { Registry } from 'prom-client'
import type { Config } from '../shared/config/load.ts'
import type { HttpPort } from '../shared/http/http-port.ts'
import type { Part } from '../shared/lifecycle.ts'
import type { Logger } from '../shared/logger.ts'
import { spoolReadings, upstreamReadings } from '../shared/metrics/catalogue.ts'
import { createReadings } from '../shared/metrics/readings.ts'
import { threadLogger } from '../shared/thread-logs/thread-logger.ts'
import { createThreadLogs, type LineDrop, type ThreadLogs } from '../shared/thread-logs/thread-logs.ts'
import type { Clock } from '../shared/timing/clock.ts'
import { assembleCalls } from './call-assembly.ts'
import { createProxyEvents, type ProxyEvents } from './events.ts'
import { createOutbox, type Outbox } from './outbox/outbox.ts'
import { openSpool } from './spool/open-spool.ts'
import type { Spool } from './spool/spool.ts'

export type ProxyAssembly = {
  readonly spool: Spool
  readonly outbox: Outbox
  readonly dataPort: HttpPort
  readonly events: ProxyEvents
  /** In start order; what delivers the records starts between the spool and the others. */
  readonly parts: { readonly spool: Part; readonly calls: readonly Part[] }
}

/** Limit of the records kept in memory while the spool's disk fails. */
const spoolMemoryBytes = 32 * 1024 * 1024

/**
 * Wires the proxy. Nothing runs yet, but the spool is open.
 * @throws SpoolInUse when another process uses the data folder
 */
export async function assembleProxy(
  config: Config,
  registry: Registry,
  log: Logger,
  clock: Clock,
): Promise<ProxyAssembly> {
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
  const calls = assembleCalls(config, clock, { events, accept: outbox.accept })
  createReadings(upstreamReadings, registry, {
    usageRefusalsRemembered: calls.usageRefusalsRemembered,
  })
  createReadings(spoolReadings, registry, {
    spoolRecords: () => spool.ledger().spooled + outbox.unspooled(),
    spoolBytes: () => spool.size().bytes,
  })

  function openThreadLogs(): ThreadLogs {
    const onDropped = (lines: number, reason: LineDrop): void => events.threadLogDropped(lines, reason)
    return createThreadLogs({ folder: join(config.dataDir, 'logs'), clock, onDropped })
  }

  return {
    spool,
    outbox,
    dataPort: calls.dataPort,
    events,
    parts: {
      spool: { name: 'spool', stop: () => spool.close() },
      calls: [
        ...(threadLogs === undefined ? [] : [threadLogs]),
        { name: 'outbox', stop: () => outbox.flush() },
        ...calls.parts,
      ],
    },
  }
}
