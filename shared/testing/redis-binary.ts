import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { programInPath } from '../programs/program-in-path.ts'

/** @returns the path of `redis-server` in PATH, or undefined */
export function findRedisServer(path = process.env.PATH ?? ''): string | undefined {
  return programInPath('redis-server', path)
}

/**
 * Installs Debian's `redis-server`, without starting it as a service.
 * @returns its path
 * @throws Error whose message is one sentence on what to do, when that is not possible
 */
export function installRedisServer(path = process.env.PATH ?? ''): string {
  const aptGet = programInPath('apt-get', path)
  if (aptGet === undefined || process.getuid?.() !== 0) {
    throw new Error(
      'The tests need Redis: set TEST_REDIS_URL, or put redis-server into PATH (on Debian: apt-get install redis-server).',
    )
  }
  const before = runningServices()
  run(aptGet, ['update'])
  run(aptGet, ['install', '-y', '--no-install-recommends', 'redis-server'])
  stopNewServices(before)
  const installed = findRedisServer(path)
  if (installed === undefined)
    throw new Error('apt-get installed redis-server, but it is not in PATH; set TEST_REDIS_URL.')
  return installed
}

function run(aptGet: string, args: readonly string[]): void {
  process.stderr.write(`tests need redis-server: apt-get ${args.join(' ')}\n`)
  // In runlevel 1 Debian's invoke-rc.d starts no service (invoke-rc.d(8)).
  const env = { ...process.env, RUNLEVEL: '1', DEBIAN_FRONTEND: 'noninteractive' }
  const { status, stderr } = spawnSync(aptGet, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  if (status === 0) return
  const lastLine = stderr?.toString().trim().split('\n').at(-1) ?? 'it could not be run'
  throw new Error(`apt-get ${args[0]} failed (${lastLine}); set TEST_REDIS_URL, or install redis-server.`)
}

/**
 * Stops only a service that the installation started all the same: Debian's runs under an account of its own,
 * unlike a private server.
 */
function stopNewServices(before: ReadonlySet<number>): void {
  for (const pid of runningServices()) {
    if (!before.has(pid)) process.kill(pid, 'SIGTERM')
  }
}

function runningServices(): ReadonlySet<number> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return new Set(pids.filter(isRedisService).map(Number))
}

function isRedisService(pid: string): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
    return command === 'redis-server' && statSync(`/proc/${pid}`).uid !== process.getuid?.()
  } catch {
    return false // it has exited
  }
}
