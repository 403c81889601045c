import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LedgerResponse } from '../../../shared/admin/ledger-response.ts'
import { type Env, endWithUs, freePort, isInstalled, stopChild } from './child.ts'
import { startRedis } from './redis.ts'
import { createBlockReader } from './relay-blocks.ts'
import { callUrl, type StartSubject, type SubjectName } from './subject.ts'

const main = fileURLToPath(new URL('../../../main.js', import.meta.url))

/** The dearest way: the model sends usage anyway, which would be learned, and not cut. */
const injectUsage = 'always'

/** `threadtap start`, everything in one process. */
export const startThreadtap =
  (name: SubjectName, env: Env = {}): StartSubject =>
  async (modelPort) => {
    const folder = mkdtempSync(join(tmpdir(), 'threadtap-compare-'))
    const { child, port, ...looks } = await spawnThreadtap('start', {
      UPSTREAM_BASE_URL: `http://127.0.0.1:${modelPort}/v1`,
      INJECT_USAGE: injectUsage,
      DATA_DIR: folder,
      ...env,
    })
    return {
      name,
      url: callUrl(port),
      processes: [{ role: 'relay', pid: child.pid ?? 0 }],
      ...looks,
      async stop() {
        await stopChild(child)
        rmSync(folder, { recursive: true, force: true })
      },
    }
  }

/** The split deployment: proxy, Redis and worker, a process each. */
export const startSplit: StartSubject = async (modelPort) => {
  if (!isInstalled('redis-server')) return 'there is no redis-server in PATH'
  const folder = mkdtempSync(join(tmpdir(), 'threadtap-compare-'))
  const redis = await startRedis(folder)
  const queue = {
    REDIS_URL: redis.url,
    UPSTREAM_BASE_URL: `http://127.0.0.1:${modelPort}/v1`,
    INJECT_USAGE: injectUsage,
  }
  const proxy = await spawnThreadtap('proxy', { ...queue, DATA_DIR: join(folder, 'proxy') })
  const worker = await spawnThreadtap('worker', { ...queue, DATA_DIR: join(folder, 'worker') })
  return {
    name: 'proxy',
    url: callUrl(proxy.port),
    processes: [
      { role: 'relay', pid: proxy.child.pid ?? 0 },
      { role: 'worker', pid: worker.child.pid ?? 0 },
      { role: 'redis', pid: redis.child.pid ?? 0 },
    ],
    longestBlockMs: proxy.longestBlockMs,
    pending: proxy.pending,
    async stop() {
      for (const child of [proxy.child, worker.child, redis.child]) await stopChild(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Running = {
  readonly child: ChildProcess
  readonly port: number
  readonly longestBlockMs: () => Promise<number | undefined>
  readonly pending: () => Promise<number>
}

/** Starts a command as built, with nothing of the surrounding environment but PATH. */
async function spawnThreadtap(command: string, env: Env): Promise<Running> {
  const [port, adminPort] = [await freePort(), await freePort()]
  const child = spawn(process.execPath, [main, command], {
    env: {
      PATH: process.env.PATH ?? '',
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
      LOG_LEVEL: 'error',
      // The last records of a load are delivered while it is measured. Under load, twenty records close a batch.
      LANGFUSE_FLUSH_INTERVAL: '1',
      // What a Langfuse that does not answer still has to get is thrown away in the end.
      SHUTDOWN_TIMEOUT: '2',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit').then(() => {
    throw new Error(`threadtap ${command} ended before it was ready`)
  })
  exited.catch(() => undefined)
  // The banner: printed once everything listens.
  await Promise.race([once(child.stdout, 'data'), exited])
  const admin = `http://127.0.0.1:${adminPort}`
  const longestBlockMs = createBlockReader()
  return {
    child: endWithUs(child),
    port,
    longestBlockMs: async () => longestBlockMs(await (await fetch(`${admin}/metrics`)).text()),
    async pending() {
      const ledger = (await (await fetch(`${admin}/ledger`)).json()) as LedgerResponse
      return ledger.spooled + ledger.queued
    },
  }
}
