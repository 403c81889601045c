import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A relay under measurement, running as a process of its own. */
export type Subject = {
  readonly name: string
  /** Where calls go: `http://127.0.0.1:<port>/v1/chat/completions`. */
  readonly url: string
  /** CPU time that its processes have used, in µs. */
  cpuMicros(): number
  /** Memory that it holds, in MB. */
  residentMb(): number
  stop(): Promise<void>
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

/** Starts a module that tells its port, and waits for it. */
export async function startModule(
  file: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(here(file), {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [port] = await once(child, 'message')
  return { child, port: port as number }
}

export async function bareRelay(upstreamPort: number): Promise<Subject> {
  const { child, port } = await startModule('./bare-relay.js', {
    UPSTREAM_ORIGIN: `http://127.0.0.1:${upstreamPort}`,
  })
  return subject('bare Node relay', port, child)
}

/** Everything switched on: spool, worker and local store in the one process. */
export function threadtapAlone(upstreamPort: number): Promise<Subject> {
  return threadtap('threadtap start', 'start', upstreamPort, {})
}

/** As a sidecar: records go to Redis. @returns undefined where redis-server is not installed */
export async function threadtapSidecar(upstreamPort: number): Promise<Subject | undefined> {
  if (!installed('redis-server')) return undefined
  const port = await freePort()
  const redis = spawn('redis-server', ['--port', String(port), '--save', '', '--dir', tmpdir()], {
    stdio: 'ignore',
  })
  const env = { REDIS_URL: `redis://127.0.0.1:${port}`, QUEUE_MAX_PACKS: '1000000' }
  const running = await threadtap('threadtap proxy + Redis', 'proxy', upstreamPort, env)
  return {
    ...running,
    async stop() {
      await running.stop()
      redis.kill()
    },
  }
}

async function threadtap(
  name: string,
  command: string,
  upstreamPort: number,
  env: Readonly<Record<string, string>>,
): Promise<Subject> {
  const dataDir = mkdtempSync(join(tmpdir(), 'threadtap-overhead-'))
  const [port, adminPort] = [await freePort(), await freePort()]
  const child = spawn(process.execPath, [here('../../main.js'), command], {
    env: {
      ...process.env,
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
      DATA_DIR: dataDir,
      UPSTREAM_BASE_URL: `http://127.0.0.1:${upstreamPort}/v1`,
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const running = subject(name, port, child)
  return {
    ...running,
    async stop() {
      await running.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

const installed = (program: string): boolean => spawnSync(program, ['-v']).error === undefined

/** @returns undefined where nginx is not installed */
export async function nginx(upstreamPort: number): Promise<Subject | undefined> {
  if (!installed('nginx')) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'threadtap-nginx-'))
  const port = await freePort()
  const config = join(folder, 'nginx.conf')
  writeFileSync(
    config,
    `worker_processes 1; daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/log;
     events { worker_connections 1024; }
     http {
       access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
       fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
       upstream model { server 127.0.0.1:${upstreamPort}; keepalive 64; }
       server { listen 127.0.0.1:${port}; location / {
         proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; } }
     }`,
  )
  const child = spawn('nginx', ['-c', config, '-p', folder], { stdio: 'inherit' })
  const running = subject('nginx proxy_pass', port, child)
  return {
    ...running,
    async stop() {
      await running.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function subject(name: string, port: number, child: ChildProcess): Subject {
  return {
    name,
    url: `http://127.0.0.1:${port}/v1/chat/completions`,
    cpuMicros: () => cpuMicros(child.pid ?? 0),
    residentMb: () => residentMb(child.pid ?? 0),
    async stop() {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** User and system time, in clock ticks of 10 ms (proc(5), fields 14 and 15 of stat). */
function cpuMicros(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

/** proc(5), VmRSS of status. */
function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}
