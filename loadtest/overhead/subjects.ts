import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { processSubject, type Subject } from './subject.ts'

const pathTo = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

/** Starts a module as a process and waits for the port that it reports. */
export async function startModule(
  file: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(pathTo(file), {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [port] = await once(child, 'message')
  return { child, port: port as number }
}

export async function bareRelay(upstreamPort: number): Promise<Subject> {
  // The same one as in the comparison, so that both measure by one unit.
  const { child, port } = await startModule('../compare/subjects/bare-relay.js', {
    UPSTREAM_ORIGIN: `http://127.0.0.1:${upstreamPort}`,
  })
  return processSubject('bare Node relay', port, child)
}

/** Spool, worker and local store in one process. */
export function threadtapStart(upstreamPort: number): Promise<Subject> {
  return threadtap('threadtap start', 'start', upstreamPort, {})
}

/** As a sidecar: records go to Redis. @returns undefined when redis-server is not installed */
export async function threadtapSidecar(upstreamPort: number): Promise<Subject | undefined> {
  if (!isInstalled('redis-server')) return undefined
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
  const child = spawn(process.execPath, [pathTo('../../main.js'), command], {
    env: {
      ...process.env,
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
      DATA_DIR: dataDir,
      UPSTREAM_BASE_URL: `http://127.0.0.1:${upstreamPort}/v1`,
      // The dearest way: the model sends usage anyway, which would be learned, and not cut.
      INJECT_USAGE: 'always',
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const running = processSubject(name, port, child)
  return {
    ...running,
    async stop() {
      await running.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

const isInstalled = (program: string): boolean => spawnSync(program, ['-v']).error === undefined

/** @returns undefined when nginx is not installed */
export async function nginx(upstreamPort: number): Promise<Subject | undefined> {
  if (!isInstalled('nginx')) return undefined
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
  const running = processSubject('nginx proxy_pass', port, child)
  return {
    ...running,
    async stop() {
      await running.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}
