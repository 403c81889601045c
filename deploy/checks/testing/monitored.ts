import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { inject } from 'vitest'
import { startFakeLangfuse } from '../../../shared/testing/fake-langfuse/fake-langfuse.ts'
import { langfuseEnv } from '../../../shared/testing/fake-langfuse/langfuse-env.ts'
import { type Spawned, spawnThreadtap } from '../../../shared/testing/spawned.ts'
import { startFakeModel } from '../../demo/fake-model.ts'
import { type PrivatePrometheus, startPrometheus } from './private-prometheus.ts'
import { startProviders } from './providers.ts'

/** Proxy and worker as Compose runs them, a Langfuse, models, and a Prometheus that scrapes both. */
export type Monitored = {
  /** The data port, for the demo's model. */
  readonly baseUrl: string
  /** The same for the other model, which says more of itself. */
  readonly providersUrl: string
  readonly prometheus: PrivatePrometheus
  /** Scrapes the proxy, or the worker. */
  scrape(of: 'proxy' | 'worker'): Promise<string>
  /** Resolves once Prometheus has scraped both after everything that was accepted is delivered. */
  settled(): Promise<void>
  stop(): Promise<void>
}

export async function startMonitored(): Promise<Monitored> {
  const folder = mkdtempSync(join(tmpdir(), 'threadtap-monitored-'))
  const langfuse = await startFakeLangfuse('v4')
  const model = await startFakeModel()
  const providers = await startProviders()
  const redisUrl = inject('redisUrl')
  const prefix = `{test-${randomUUID()}}`
  const queue = { REDIS_URL: redisUrl, QUEUE_PREFIX: prefix }
  const proxy = await launch('proxy', {
    ...queue,
    DATA_DIR: join(folder, 'proxy'),
    UPSTREAM_BASE_URL: model.baseUrl,
    UPSTREAMS: `providers=${providers.origin}/v1`,
  })
  const worker = await launch('worker', {
    ...queue,
    DATA_DIR: join(folder, 'worker'),
    ...langfuseEnv(langfuse),
  })
  const prometheus = await startPrometheus([proxy, worker].map(({ admin }) => new URL(admin).host))
  const [, data = ''] = /OPENAI_BASE_URL=(\S+)\/v1/.exec(proxy.spawned.stdout()) ?? []

  return {
    baseUrl: `${data}/v1`,
    providersUrl: `${data}/providers/v1`,
    prometheus,
    scrape: async (of) => (await fetch(`${(of === 'proxy' ? proxy : worker).admin}/metrics`)).text(),
    settled: () => settled(proxy.admin, prometheus),
    async stop() {
      await prometheus.stop()
      await Promise.all([proxy.spawned.stop('SIGKILL'), worker.spawned.stop('SIGKILL')])
      model.server.close()
      model.server.closeAllConnections()
      await providers[Symbol.asyncDispose]()
      await langfuse.close()
      await removeKeys(redisUrl, prefix)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Launched = { readonly spawned: Spawned; readonly admin: string }

async function launch(command: string, env: Readonly<Record<string, string>>): Promise<Launched> {
  const spawned = spawnThreadtap([command], env)
  const [, admin = ''] = await spawned.printed(/(http:\/\/[^ ]+)\/metrics/)
  return { spawned, admin }
}

async function settled(admin: string, { query }: PrivatePrometheus): Promise<void> {
  for (;;) {
    const ledger = (await (await fetch(`${admin}/ledger`)).json()) as { accepted: number; delivered: number }
    const seen = async (expression: string) => (await query(expression))[0]?.value
    const isScraped =
      (await seen('sum(threadtap_records_accepted_total)')) === ledger.accepted &&
      (await seen('sum(threadtap_records_delivered_total)')) === ledger.accepted &&
      (await seen('max(threadtap_queue_packs{state="active"})')) === 0
    if (ledger.delivered === ledger.accepted && isScraped) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function removeKeys(redisUrl: string, prefix: string): Promise<void> {
  const redis = new Redis(redisUrl)
  for await (const keys of redis.scanStream({ match: `${prefix}*` })) {
    if (keys.length > 0) await redis.unlink(...keys)
  }
  redis.disconnect()
}
