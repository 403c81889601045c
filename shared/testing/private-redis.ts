import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRedisServer } from './redis-binary.ts'

/** A Redis server for one test: on 127.0.0.1, in a temporary folder, without persistence. */
export type PrivateRedis = {
  readonly url: string
  readonly port: number
  /** Makes it hang: it keeps its connections and does not respond. */
  freeze(): void
  thaw(): void
  /** Crashes it, with SIGKILL. */
  kill(): Promise<void>
  /** Stops it and removes its folder. Does nothing when it has exited. */
  stop(): Promise<void>
}

export type PrivateRedisOptions = {
  /** The port of an earlier server of the test; by default a free one. */
  readonly port?: number
  /** Further arguments: `['--maxmemory', '20mb']`. */
  readonly args?: readonly string[]
  /** What its configuration file says at first; by default there is none. A Sentinel cannot do without. */
  readonly config?: string
  /** The program; by default the one in PATH. */
  readonly program?: string
}

/**
 * Starts a Redis server and waits until it accepts connections.
 * @throws Error with the server's output when it does not start
 */
export async function startRedis(options: PrivateRedisOptions = {}): Promise<PrivateRedis> {
  const program = options.program ?? findRedisServer()
  if (program === undefined) throw new Error('There is no redis-server in PATH.')
  // Another process may take the free port before the server does.
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(program, options.port ?? (await freePort()), options)
    } catch (cause) {
      if (options.port !== undefined || attempt === 5) throw cause
    }
  }
}

/** @returns a port of 127.0.0.1 that was free a moment ago */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function start(
  program: string,
  port: number,
  { args = [], config }: PrivateRedisOptions,
): Promise<PrivateRedis> {
  const dir = mkdtempSync(join(tmpdir(), 'threadtap-redis-'))
  const file = join(dir, 'redis.conf')
  if (config !== undefined) writeFileSync(file, config)
  const settings = ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir, '--save', '']
  const fileFirst = config === undefined ? [] : [file]
  const server = spawn(program, [...fileFirst, ...settings, '--appendonly', 'no', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<void>((resolve) => {
    server.once('close', () => resolve())
    server.once('error', () => resolve())
  })
  const killOnExit = () => server.kill('SIGKILL')
  process.once('exit', killOnExit)

  async function end(signal: NodeJS.Signals): Promise<void> {
    server.kill(signal)
    server.kill('SIGCONT') // a frozen process does not handle signals
    await exited
    process.off('exit', killOnExit)
    rmSync(dir, { recursive: true, force: true })
  }

  try {
    await untilReady(server)
  } catch (cause) {
    await end('SIGKILL')
    throw cause
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}

function untilReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = ''
    server.stdout?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_000)
      if (/Ready to accept connections|Sentinel ID is/.test(output)) resolve()
    })
    server.once('error', reject)
    server.once('close', () => reject(new Error(`redis-server did not start: ${output.trim()}`)))
  })
}
