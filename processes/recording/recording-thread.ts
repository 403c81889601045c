import type { RegisteredContexts } from '../../proxy/attribution/store/store.ts'
import type { RelayAssembly } from '../../proxy/relay-assembly.ts'
import { createRingMemory, type RingMemory } from '../../proxy/tape/ring.ts'
import { tapeBytes } from '../../proxy/tape/tape-size.ts'
import type { Part } from '../../shared/lifecycle.ts'
import type { Logger } from '../../shared/logger.ts'
import { backoffMs } from '../../shared/timing/backoff.ts'
import { pause } from '../../shared/timing/pause.ts'
import type { RecordingRole } from './delivery/delivery.ts'
import { type LaunchedThread, launchThread } from './launch-thread.ts'
import type { RelayFunctions } from './protocol.ts'

export type RecordingThread = Part & {
  /** The tape to begin with. */
  readonly memory: RingMemory
  wake(): void
  readonly contexts: RegisteredContexts
  /** Where the admin port listens; known once the thread has started. */
  adminUrl(): string
}

export type RecordingThreadOptions = {
  readonly role: RecordingRole
  readonly env: NodeJS.ProcessEnv
  readonly log: Logger
  /** Asked for once calls go by. */
  readonly relay: () => RelayAssembly
  /** The module that runs in the thread. */
  readonly entry?: URL
}

const threadModule = new URL('./thread.js', import.meta.url)
const restartBackoff = { baseMs: 500, maxMs: 30_000 }

/**
 * Runs the recorder, and everything behind it, in a thread of its own. Where that dies, calls go on: it is started again
 * with an empty tape, and the calls that it had not settled are counted.
 */
export function createRecordingThread(options: RecordingThreadOptions): RecordingThread {
  const { role, env, log, relay, entry = threadModule } = options
  const firstMemory = createRingMemory(tapeBytes)
  const functions = relayFunctions(relay)
  const stopping = new AbortController()
  let running: LaunchedThread | undefined
  let adminUrl = ''

  async function launch(memory: RingMemory): Promise<LaunchedThread> {
    // After a restart the admin port must be where it was.
    const port = adminUrl === '' ? {} : { ADMIN_PORT: new URL(adminUrl).port }
    const launched = await launchThread(entry, { role, memory, env: { ...env, ...port } }, functions)
    adminUrl = launched.adminUrl
    running = launched
    launched.died.catch((cause) => void restart(launched, cause))
    return launched
  }

  async function restart(dead: LaunchedThread, cause: unknown): Promise<void> {
    if (stopping.signal.aborted || running !== dead) return
    running = undefined
    log.error({ err: cause }, 'the recorder died; calls go on, and it is started again')
    const memory = createRingMemory(tapeBytes)
    const lost = relay().changeTape(memory)
    for (let failures = 0; !stopping.signal.aborted; failures++) {
      await pause(backoffMs(failures, restartBackoff), stopping.signal)
      try {
        const { functions: thread } = await launch(memory)
        if (lost > 0) void thread.countLost(lost, 'recorder_died')
        return
      } catch (failure) {
        log.error({ err: failure }, 'the recorder could not be started again')
      }
    }
  }

  async function stop(deadline: AbortSignal): Promise<void> {
    stopping.abort()
    if (running !== undefined) await stopThread(running, deadline)
  }

  const called = () => {
    if (running === undefined) throw new Error('the recorder is not running')
    return running.functions
  }
  return {
    name: 'recorder',
    memory: firstMemory,
    async start() {
      await launch(firstMemory)
    },
    stop,
    wake: () => void running?.functions.wake(),
    adminUrl: () => adminUrl,
    contexts: contextsIn(called),
  }
}

function relayFunctions(relay: () => RelayAssembly): RelayFunctions {
  return {
    counts: () => relay().counts(),
    listening: () => relay().dataPort.listening(),
    contextFound: (threadId, registered) => relay().known.set(threadId, registered),
    usageReported: (...reported) => relay().reporting.set(...reported),
  }
}

function contextsIn(called: () => LaunchedThread['functions']): RegisteredContexts {
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
