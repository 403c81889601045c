import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRedisServer } from './redis-binary.ts'

/** A Redis server of a test's own: on 127.0.0.1, in a temporary folder, without persistence. */
export type PrivateRedis = {
  readonly url: string
  readonly port: number
  /** Makes it hang: it keeps its connections and answers nothing. */
  freeze(): void
  thaw(): void
  /** `SIGKILL`, as a crash would have it. */
  kill(): Promise<void>
  /** Ends it and removes its folder. Harmless when it is dead already. */
  stop(): Promise<void>
}

export type PrivateRedisOptions = {
  /** A port where an earlier server of this test was; by default a free one is found. */
  readonly port?: number
  /** Further arguments: `['--maxmemory', '20mb']`. */
  readonly args?: readonly string[]
  /** The program; by default the one in PATH. */
  readonly program?: string
}

/**
 * Starts a Redis server and waits until it takes connections.
 * @throws Error with what the server said, when it does not start
 */
export async function startRedis(options: PrivateRedisOptions = {}): Promise<PrivateRedis> {
  const program = options.program ?? findRedisServer()
  if (program === undefined) throw new Error('There is no redis-server in PATH.')
  // A free port may be taken by someone else before the server has it.
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(program, options.port ?? (await freePort()), options.args ?? [])
    } catch (cause) {
      if (options.port !== undefined || attempt === 5) throw cause
    }
  }
}

/** @returns a port of 127.0.0.1 that nobody listened on a moment ago */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function start(program: string, port: number, args: readonly string[]): Promise<PrivateRedis> {
  const dir = mkdtempSync(join(tmpdir(), 'threadtap-redis-'))
  const settings = ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir, '--save', '']
  const server = spawn(program, [...settings, '--appendonly', 'no', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => {
    server.once('close', () => resolve())
    server.once('error', () => resolve())
  })
  const endWithUs = () => server.kill('SIGKILL')
  process.once('exit', endWithUs)

  async function end(signal: NodeJS.Signals): Promise<void> {
    server.kill(signal)
    server.kill('SIGCONT') // a frozen one would never hear of it
    await ended
    process.off('exit', endWithUs)
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
    let said = ''
    server.stdout?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000)
      if (said.includes('Ready to accept connections')) resolve()
    })
    server.once('error', reject)
    server.once('close', () => reject(new Error(`redis-server did not start: ${said.trim()}`)))
  })
}
