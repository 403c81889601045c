import { EventEmitter, once } from 'node:events'
import { Registry } from 'prom-client'
import { systemClock } from '../../shared/clock.ts'
import { loadConfig } from '../../shared/config/load.ts'
import { createLogger } from '../../shared/logger.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { createApp, type ProxyParts } from '../app.ts'
import { createDataPort } from '../data-port.ts'
import { createProxyEvents } from '../events.ts'
import { heldBytesMax } from '../ingress/body.ts'
import { assembleContext } from '../ingress/context-store/assemble.ts'
import { targetFinder } from '../ingress/target.ts'
import { upstreamsOf } from '../ingress/upstreams.ts'
import { createAttempts } from '../observe/attempts.ts'
import { createUnreadable } from '../unreadable.ts'
import { createUpgrade } from '../upgrade.ts'
import { createDispatcher } from '../upstream/dispatcher.ts'
import { createUsageRefusals } from '../upstream/usage-refusals.ts'

export type RunningProxy = {
  /** For clients: `http://127.0.0.1:<port>/v1`. */
  readonly baseUrl: string
  readonly origin: string
  readonly registry: Registry
  readonly records: InferenceRecord[]
  /** Resolves with the record once that many were made in all. */
  record(count: number): Promise<InferenceRecord>
  stop(deadlineMs?: number): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** The proxy on a free port, its records collected here instead of in the outbox. */
export async function startProxy(env: Readonly<Record<string, string>>): Promise<RunningProxy> {
  const config = loadConfig({ PORT: '0', ...env })
  const registry = new Registry()
  const records: InferenceRecord[] = []
  const arrivals = new EventEmitter()
  const dispatcher = createDispatcher(config.upstreamTimeoutMs)
  const events = createProxyEvents(registry, createLogger('silent', 'proxy'))
  const context = assembleContext(config, systemClock, events)
  const refusals = createUsageRefusals(systemClock)
  const proxy: ProxyParts = {
    findTarget: targetFinder(upstreamsOf(config)),
    dispatcher,
    capture: { content: config.captureContent, maxBytes: config.captureMaxBytes },
    attempts: createAttempts(systemClock),
    injectUsage: config.injectUsage === 'auto',
    refusals,
    budget: { free: 4 * heldBytesMax },
    context,
    clock: systemClock,
    events,
    accept(record) {
      records.push(record)
      arrivals.emit('record')
    },
  }
  const dataPort = createDataPort(
    { app: createApp(proxy), onUpgrade: createUpgrade(proxy), onUnreadable: createUnreadable(proxy) },
    config,
  )
  await context.part.start?.()
  await dataPort.start?.()
  const stop = async (deadlineMs = 0) => {
    await dataPort.stop?.(AbortSignal.timeout(deadlineMs))
    await context.part.stop?.(AbortSignal.timeout(deadlineMs))
    await dispatcher.destroy()
  }
  return {
    origin: dataPort.url(),
    baseUrl: `${dataPort.url()}/v1`,
    registry,
    records,
    async record(count) {
      while (records.length < count) await once(arrivals, 'record')
      return records[count - 1] as InferenceRecord
    },
    stop,
    [Symbol.asyncDispose]: () => stop(),
  }
}
