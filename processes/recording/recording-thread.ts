import { RecorderNotRunning, type RegisteredContexts } from '../../proxy/attribution/store/store.ts'
import { newRun, tapeFolder } from '../../proxy/crash-journal/journal-folder.ts'
import type { RelayAssembly } from '../../proxy/relay-assembly.ts'
import type { RecordedTape } from '../../proxy/tape/recorded-tape.ts'
import { createRingMemory } from '../../proxy/tape/ring.ts'
import { tapeBytes } from '../../proxy/tape/tape-size.ts'
import type { Degradation } from '../../shared/degradation/degradations.ts'
import type { Part } from '../../shared/lifecycle.ts'
import type { Logger } from '../../shared/logger.ts'
import { manyListenerAbort } from '../../shared/timing/abort.ts'
import { type Backoff, backoffMs } from '../../shared/timing/backoff.ts'
import { withDeadline } from '../../shared/timing/deadline.ts'
import { pause } from '../../shared/timing/pause.ts'
import type { RecordingRole } from './delivery/delivery.ts'
import { type LaunchedThread, launchThread } from './launch-thread.ts'
import type { RelayFunctions, Started } from './protocol.ts'
import { createRecorderFailures, type RecorderFailures } from './recorder-failures.ts'
import { WrongSetting } from './wrong-setting.ts'

export type RecordingThread = Part & {
  /** The tape to begin with. */
  readonly tape: RecordedTape
  wake(): void
  readonly contexts: RegisteredContexts
  /** Where the admin port listens; undefined until the thread has started. */
  adminUrl(): string | undefined
  /** What did not work when the thread started, or that it has not. */
  degraded(): readonly Degradation[]
}

export type RecordingThreadOptions = {
  readonly role: RecordingRole
  readonly env: NodeJS.ProcessEnv
  readonly log: Logger
  /** Asked for once calls go by. */
  readonly relay: () => RelayAssembly
  /** The module that runs in the thread. */
  readonly entry?: URL
  /** Between tries to start a thread that died, or could not be started. */
  readonly backoff?: Backoff
  /** How long the start waits for the thread; calls must not wait for a disk that hangs. */
  readonly startMs?: number
}

const threadModule = new URL('./thread.js', import.meta.url)
const restartBackoff = { baseMs: 500, maxMs: 30_000 }

/**
 * Runs the recorder, and everything behind it, in a thread of its own. Where that dies, calls go on: it is started again
 * with an empty tape, and the calls that it had not settled are counted. Where it cannot start, calls go on, too, and wait
 * on the tape as long as that has room. Its start throws WrongSetting alone.
 */
export function createRecordingThread(options: RecordingThreadOptions): RecordingThread {
  const { role, env, log, relay, entry = threadModule } = options
  const { backoff = restartBackoff, startMs = 30_000 } = options
  const functions = relayFunctions(relay)
  const run = newRun(Date.now())
  const newTape = tapesOf(run)
  const firstTape = newTape()
  const stopping = manyListenerAbort()
  const failures = createRecorderFailures(log)
  let running: LaunchedThread | undefined
  let started: Started | undefined

  async function launch(tape: RecordedTape): Promise<LaunchedThread> {
    // After a restart the admin port must be where it was.
    const port = started === undefined ? {} : { ADMIN_PORT: new URL(started.adminUrl).port }
    const data = { role, tape, run, env: { ...env, ...port }, failures: failures.count() }
    const launched = await launchThread(entry, data, functions)
    if (stopping.signal.aborted) {
      await launched.worker.terminate()
      return launched
    }
    started = launched.started
    running = launched
    failures.clear()
    launched.died.catch((cause) => void restart(launched, cause))
    return launched
  }

  const launchAgain = (tape: RecordedTape): Promise<LaunchedThread | undefined> =>
    launchUntilItRuns(() => launch(tape), { log, failures, backoff, signal: stopping.signal })

  async function start(): Promise<void> {
    const launching = launch(firstTape)
    try {
      await withDeadline(startMs, () => launching, 'it has not started yet')
    } catch (cause) {
      if (cause instanceof WrongSetting) throw cause
      failures.add(cause, 'the recorder cannot be started; calls go on unrecorded, and it is tried again')
      void launching.catch(() => launchAgain(firstTape))
    }
  }

  async function restart(dead: LaunchedThread, cause: unknown): Promise<void> {
    if (stopping.signal.aborted || running !== dead) return
    running = undefined
    failures.add(cause, 'the recorder died; calls go on, and it is started again')
    const tape = newTape()
    const { calls, settledPack } = relay().changeTape(tape)
    const thread = await launchAgain({ ...tape, settledPack })
    void thread?.functions.countLost(calls)
  }

  return {
    name: 'recorder',
    tape: firstTape,
    start,
    async stop(deadline) {
      stopping.abort()
      if (running !== undefined) await stopThread(running, deadline)
    },
    wake: () => void running?.functions.wake(),
    adminUrl: () => started?.adminUrl,
    degraded: () => failures.degraded() ?? started?.degraded ?? [],
    contexts: contextsIn(() => running),
  }
}

/** @returns makes an empty tape each time, with a journal of its own */
function tapesOf(run: string): () => RecordedTape {
  let tapes = 0
  return () => {
    tapes += 1
    return { memory: createRingMemory(tapeBytes()), journal: tapeFolder(run, tapes) }
  }
}

type Launching = {
  readonly log: Logger
  readonly failures: RecorderFailures
  readonly backoff: Backoff
  readonly signal: AbortSignal
}

/** @returns undefined where the process stops before the thread runs */
async function launchUntilItRuns(
  launch: () => Promise<LaunchedThread>,
  { log, failures, backoff, signal }: Launching,
): Promise<LaunchedThread | undefined> {
  for (let attempts = 0; !signal.aborted; attempts++) {
    await pause(backoffMs(attempts, backoff), signal)
    if (signal.aborted) break
    try {
      const launched = await launch()
      log.info('the recorder runs')
      return launched
    } catch (cause) {
      failures.add(cause, 'the recorder could not be started again')
    }
  }
  return undefined
}

function relayFunctions(relay: () => RelayAssembly): RelayFunctions {
  return {
    counts: () => relay().counts(),
    listening: () => relay().dataPort.listening(),
    contextFound: (threadId, registered) => relay().known.set(threadId, registered),
    usageReported: (...reported) => relay().reporting.set(...reported),
  }
}

function contextsIn(running: () => LaunchedThread | undefined): RegisteredContexts {
  const called = (): LaunchedThread['functions'] => {
    const thread = running()
    if (thread === undefined) throw new RecorderNotRunning()
    return thread.functions
  }
  return {
    put: async (...args) => called().putContext(...args),
    get: async (...args) => called().getContext(...args),
    delete: async (...args) => called().deleteContext(...args),
  }
}

async function stopThread({ worker, functions }: LaunchedThread, deadline: AbortSignal): Promise<void> {
  const force = () => void functions.forceStop()
  if (deadline.aborted) force()
  deadline.addEventListener('abort', force)
  const overdue = await functions.stop()
  deadline.removeEventListener('abort', force)
  await worker.terminate()
  if (overdue.length > 0) throw new Error(`the recorder stopped without waiting for ${overdue.join(', ')}`)
}
