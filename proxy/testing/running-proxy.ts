import { EventEmitter, once } from 'node:events'
import { Registry } from 'prom-client'
import { loadConfig } from '../../shared/config/load.ts'
import { createLifecycle } from '../../shared/lifecycle.ts'
import { createLogger } from '../../shared/logger.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { systemClock } from '../../shared/timing/clock.ts'
import { assembleCalls } from '../call-assembly.ts'
import { createProxyEvents } from '../events.ts'

export type RunningProxy = {
  /** For clients: `http://127.0.0.1:<port>/v1`. */
  readonly baseUrl: string
  readonly origin: string
  readonly registry: Registry
  readonly records: InferenceRecord[]
  /** Resolves with the record of this number, counted from 1, once it was made. */
  record(count: number): Promise<InferenceRecord>
  stop(deadlineMs?: number): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** The proxy on a free port; its records are collected here instead of in the outbox. */
export async function startProxy(env: Readonly<Record<string, string>>): Promise<RunningProxy> {
  const config = loadConfig({ PORT: '0', ...env })
  const registry = new Registry()
  const records: InferenceRecord[] = []
  const arrivals = new EventEmitter()
  const events = createProxyEvents(registry, createLogger('silent', 'proxy'))
  const { dataPort, parts } = assembleCalls(config, systemClock, {
    events,
    accept(record) {
      records.push(record)
      arrivals.emit('record')
    },
  })
  const lifecycle = createLifecycle(parts, (_part, cause) => {
    throw cause
  })
  await lifecycle.start()
  return {
    origin: dataPort.url(),
    baseUrl: `${dataPort.url()}/v1`,
    registry,
    records,
    async record(count) {
      while (records.length < count) await once(arrivals, 'record')
      return records[count - 1] as InferenceRecord
    },
    async stop(deadlineMs = 0) {
      await lifecycle.stop(deadlineMs)
    },
    async [Symbol.asyncDispose]() {
      await lifecycle.stop(0)
    },
  }
}
