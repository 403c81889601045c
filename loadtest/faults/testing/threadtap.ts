import type { ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { LedgerResponse } from '../../../shared/admin/ledger-response.ts'
import type { DegradablePart, Degradation } from '../../../shared/degradation/degradations.ts'
import { type Spawned, spawnThreadtap } from '../../../shared/testing/spawned.ts'
import { orGiveUp, waitFor } from './wait-for.ts'

export type Command = 'start' | 'proxy' | 'worker'
export type Env = Readonly<Record<string, string>>

/** A threadtap as built, which can be killed and started again on the same data folder. */
export type Threadtap = {
  readonly command: Command
  readonly dataDir: string
  /** With `/v1`; of the process that runs now. */
  baseUrl(): string
  admin(): string
  pid(): number
  isUp(): boolean
  /** Starts it again, with settings beside those it has. */
  start(env?: Env): Promise<void>
  /**
   * @returns the exit code, or null where the signal ended it
   * @throws WaitedInVain where it has not ended long after its own deadline; then it is killed
   */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  ledger(): Promise<LedgerResponse>
  getJson<T>(path: string): Promise<T>
  /** @returns the sum of a metric's series */
  metric(name: string): Promise<number>
  /** @throws WaitedInVain with the condition and the ledger where that does not come */
  untilLedger(holds: (ledger: LedgerResponse) => boolean): Promise<LedgerResponse>
  /**
   * Resolves when /readyz says that the part does not work, or works again.
   * @throws WaitedInVain where it does not
   */
  untilDegraded(part: DegradablePart, isDegraded?: boolean): Promise<void>
  /** Everything that was logged, by every process so far. */
  log(): string
}

/** `SHUTDOWN_TIMEOUT` is 25 s, with 3 s for what hangs. */
const stopPatienceMs = 45_000
/** An admin port that takes longer hangs. */
const answerPatienceMs = 30_000

/** It must not outlive a run that fails. */
function endWithUs(child: ChildProcess): void {
  const end = (): void => void child.kill('SIGKILL')
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
}

/** Starts it on free ports, with a data folder of its own below `folder`. */
export async function startThreadtap(command: Command, folder: string, settings: Env): Promise<Threadtap> {
  const dataDir = join(folder, command)
  mkdirSync(dataDir, { recursive: true })
  let running: Spawned | undefined
  let [baseUrl, admin, earlierLog] = ['', '', '']

  async function start(env: Env = {}): Promise<void> {
    running = spawnThreadtap([command], { DATA_DIR: dataDir, LOG_LEVEL: 'info', ...settings, ...env })
    endWithUs(running.child)
    const printed = running.printed(/(http:\/\/[^ ]+)\/metrics/)
    const [, shownAdmin = ''] = await orGiveUp(`threadtap ${command} to start`, () => printed)
    const [, shownUrl = ''] = /OPENAI_BASE_URL=(\S+)/.exec(running.stdout()) ?? []
    ;[admin, baseUrl] = [shownAdmin, shownUrl]
  }

  const isUp = (): boolean => running?.child.exitCode === null && running.child.signalCode === null
  const get = (path: string): Promise<Response> =>
    fetch(`${admin}${path}`, { signal: AbortSignal.timeout(answerPatienceMs) })
  const getJson = async <T>(path: string): Promise<T> => (await (await get(path)).json()) as T
  const ledger = (): Promise<LedgerResponse> => getJson('/ledger')

  await start()
  return {
    command,
    dataDir,
    baseUrl: () => baseUrl,
    admin: () => admin,
    pid: () => running?.child.pid ?? 0,
    isUp,
    start,
    async stop(signal = 'SIGTERM') {
      const ending = running
      try {
        const stopped = ending?.stop(signal) ?? Promise.resolve(null)
        return await orGiveUp(`threadtap ${command} to end after ${signal}`, () => stopped, stopPatienceMs)
      } finally {
        await ending?.stop('SIGKILL')
        // Two may have stopped the same one, and one of them may have started the next.
        if (running === ending) {
          earlierLog += ending?.stderr() ?? ''
          running = undefined
        }
      }
    },
    ledger,
    getJson,
    async metric(name) {
      const text = await (await get('/metrics')).text()
      const samples = text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'gm'))
      return [...samples].reduce((sum, [, value]) => sum + Number(value), 0)
    },
    async untilLedger(holds) {
      let seen = await ledger()
      await waitFor(
        () => `${String(holds)} in the ledger of threadtap ${command}, which is ${JSON.stringify(seen)}`,
        async () => {
          seen = await ledger()
          return holds(seen)
        },
      )
      return seen
    },
    untilDegraded: (part, isDegraded = true) =>
      waitFor(
        `threadtap ${command} to say that ${part} ${isDegraded ? 'does not work' : 'works again'}`,
        async () => {
          const { degraded } = await getJson<{ readonly degraded: readonly Degradation[] }>('/readyz')
          return degraded.some((each) => each.part === part) === isDegraded
        },
      ),
    log: () => earlierLog + (running?.stderr() ?? ''),
  }
}
