import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FakeLangfuse, startFakeLangfuse } from '../../../shared/testing/fake-langfuse/fake-langfuse.ts'
import type { Mode } from '../../../shared/testing/fake-langfuse/modes.ts'
import { type FaultLink, startFaultLink } from './fault-link.ts'
import { type Model, startModel } from './model.ts'
import { type RestartableRedis, startRestartableRedis } from './restartable-redis.ts'
import { type Env, startThreadtap, type Threadtap } from './threadtap.ts'
import type { Disk } from './tmpfs.ts'

/** Everything that one run has: real processes, and a link that can fail between any two of them. */
export type World = {
  readonly folder: string
  readonly model: Model
  readonly langfuse: FakeLangfuse
  readonly links: { readonly upstream: FaultLink; readonly langfuse: FaultLink; readonly redis: FaultLink }
  /** What clients call: `threadtap start`, or `threadtap proxy`. */
  readonly proxy: Threadtap
  /** @throws Error in a run of one process */
  readonly worker: Threadtap
  /** @throws Error in a run of one process */
  readonly redis: RestartableRedis
  /** Ends all of it. @throws Error where a process does not end by itself; then it is killed */
  stop(signal?: NodeJS.Signals): Promise<void>
}

export type WorldOptions = {
  /** `start`: one process. `split`: proxy, Redis and worker. */
  readonly deployment: 'start' | 'split'
  /** Default: version 4, over OTLP. `none`: records go to the local store alone. */
  readonly langfuse?: Mode | 'none'
  readonly env?: Env
  readonly redis?: { readonly args?: readonly string[]; readonly downAtFirst?: boolean }
  /** A module of preload/ that every process loads first; it does its work once `faultFile` exists. */
  readonly preload?: 'cgroup' | 'clock' | 'recorder'
  /** Puts what the processes keep on a disk of its own. */
  readonly disk?: () => Disk
  /** Makes what the data folder of the process that clients call has before it starts. */
  readonly prepare?: (dataDir: string) => void
}

const queueEnv = (redisPort: number, env: Env): Env =>
  redisPort === 0
    ? env
    : { REDIS_URL: `redis://127.0.0.1:${redisPort}`, QUEUE_NAME: 'packs', QUEUE_PREFIX: '{faults}', ...env }

function langfuseEnv({ keys }: FakeLangfuse, port: number): Env {
  return {
    LANGFUSE_PUBLIC_KEY: keys.publicKey,
    LANGFUSE_SECRET_KEY: keys.secretKey,
    LANGFUSE_BASE_URL: `http://127.0.0.1:${port}`,
    LANGFUSE_FLUSH_INTERVAL: '0.1',
    LANGFUSE_RETRY_DELAY: '0.1',
    LANGFUSE_TIMEOUT: '2',
  }
}

/** Starts all of it. Ports are free ones, folders temporary. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { deployment, langfuse: mode = 'v4', env = {} } = options
  const disk = options.disk?.()
  const folder = disk?.folder ?? mkdtempSync(join(tmpdir(), 'threadtap-faults-'))
  const model = await startModel()
  const langfuse = await startFakeLangfuse(mode === 'none' ? 'v4' : mode)
  const isSplit = deployment === 'split'
  const redis = isSplit
    ? await startRestartableRedis(options.redis?.args ?? [], options.redis?.downAtFirst !== true)
    : undefined
  const links = {
    upstream: await startFaultLink(portOf(model.upstream.origin)),
    langfuse: await startFaultLink(portOf(langfuse.baseUrl)),
    redis: await startFaultLink(redis?.port ?? 0),
  }
  const settings = queueEnv(isSplit ? links.redis.port : 0, {
    UPSTREAM_BASE_URL: `http://127.0.0.1:${links.upstream.port}/v1`,
    // Every stream alike: what is learned from the first would spare the others the cutting.
    INJECT_USAGE: 'always',
    ...(mode === 'none' ? {} : langfuseEnv(langfuse, links.langfuse.port)),
    ...preloadEnv(options.preload, folder),
    ...env,
  })
  const command = isSplit ? 'proxy' : 'start'
  mkdirSync(join(folder, command))
  options.prepare?.(join(folder, command))
  const worker = isSplit ? await startThreadtap('worker', folder, settings) : undefined
  const proxy = await startThreadtap(command, folder, settings)

  return {
    folder,
    model,
    langfuse,
    links,
    proxy,
    get worker() {
      return present(worker, 'worker')
    },
    get redis() {
      return present(redis, 'Redis')
    },
    async stop(signal) {
      for (const link of Object.values(links)) link.heal()
      const running = [proxy, worker].filter((each) => each?.isUp() === true)
      const stopped = await Promise.allSettled(running.map((each) => each?.stop(signal)))
      await Promise.all(Object.values(links).map((link) => link.close()))
      await redis?.stop()
      await langfuse.close()
      await model.upstream[Symbol.asyncDispose]()
      disk?.remove()
      rmSync(folder, { recursive: true, force: true })
      for (const each of stopped) if (each.status === 'rejected') throw each.reason
    },
  }
}

/** Where a preloaded module looks for what to do. */
export const faultFile = (folder: string): string => join(folder, 'fault')

function preloadEnv(module: WorldOptions['preload'], folder: string): Env {
  if (module === undefined) return {}
  const url = new URL(`./preload/${module}.mjs`, import.meta.url)
  url.searchParams.set('file', faultFile(folder))
  return { NODE_OPTIONS: `--import ${url}` }
}

const portOf = (url: string): number => Number(new URL(url).port)

function present<T>(part: T | undefined, name: string): T {
  if (part === undefined) throw new Error(`this run has no ${name}`)
  return part
}
