import { Worker } from 'node:worker_threads'
import { type BirpcReturn, createBirpc } from 'birpc'
import type { RegisteredContexts } from '../../proxy/attribution/store/store.ts'
import type { RelayAssembly } from '../../proxy/relay-assembly.ts'
import { createRingMemory, type RingMemory } from '../../proxy/tape/ring.ts'
import { tapeBytes } from '../../proxy/tape/tape-size.ts'
import type { Part } from '../../shared/lifecycle.ts'
import type { Logger } from '../../shared/logger.ts'
import { backoffMs } from '../../shared/timing/backoff.ts'
import { pause } from '../../shared/timing/pause.ts'
import type { RecordingFunctions, RecordingRole, RelayFunctions, ThreadData } from './protocol.ts'

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

type Running = {
  readonly worker: Worker
  readonly functions: BirpcReturn<RecordingFunctions, RelayFunctions>
}

const threadModule = new URL('./thread.js', import.meta.url)
/**
 * Nearly all that recording allocates is garbage within a second: with the default of 16 MB a third of its time goes into
 * collecting it again and again.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 64 }

const restartBackoff = { baseMs: 500, maxMs: 30_000 }

/**
 * Runs the recorder, and everything behind it, in a thread of its own. Where that dies, calls go on: it is started again
 * with an empty tape, and the calls that it had not settled are counted.
 */
export function createRecordingThread(options: RecordingThreadOptions): RecordingThread {
  const { role, env, log, relay, entry = threadModule } = options
  const firstMemory = createRingMemory(tapeBytes)
  const stopping = new AbortController()
  let running: Running | undefined
  let adminUrl = ''

  const functions: RelayFunctions = {
    counts: () => relay().counts(),
    listening: () => relay().dataPort.listening(),
    contextFound: (threadId, registered) => relay().known.set(threadId, registered),
  }

  function spawn(memory: RingMemory): Running {
    // After a restart the admin port must be where it was.
    const port = adminUrl === '' ? {} : { ADMIN_PORT: new URL(adminUrl).port }
    const data: ThreadData = { role, memory, env: { ...env, ...port } }
    const worker = new Worker(entry, { workerData: data, resourceLimits })
    return { worker, functions: connect(worker, functions) }
  }

  async function launch(memory: RingMemory): Promise<Running> {
    const launched = spawn(memory)
    const died = new Promise<never>((_, reject) => {
      launched.worker.once('error', reject)
      launched.worker.once('exit', (code) => reject(new Error(`the recording thread exited with ${code}`)))
    })
    died.catch(() => undefined)
    try {
      adminUrl = await Promise.race([launched.functions.start(), died])
    } catch (cause) {
      await launched.worker.terminate()
      throw cause
    }
    running = launched
    died.catch((cause) => void restart(launched, cause))
    return launched
  }

  async function restart(dead: Running, cause: unknown): Promise<void> {
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
    if (running === undefined) return
    const { worker, functions: thread } = running
    const force = () => void thread.forceStop()
    if (deadline.aborted) force()
    deadline.addEventListener('abort', force)
    const overdue = await thread.stop()
    deadline.removeEventListener('abort', force)
    await worker.terminate()
    if (overdue.length > 0) throw new Error(`the recorder stopped without waiting for ${overdue.join(', ')}`)
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
    contexts: {
      put: async (...args) => called().putContext(...args),
      get: async (...args) => called().getContext(...args),
      delete: async (...args) => called().deleteContext(...args),
    },
  }
}

function connect(worker: Worker, functions: RelayFunctions): Running['functions'] {
  return createBirpc<RecordingFunctions, RelayFunctions>(functions, {
    post: (message) => worker.postMessage(message),
    on: (listener) => void worker.on('message', listener),
    eventNames: ['wake', 'forceStop', 'countLost'],
    // A spool that is drained at the end takes as long as the settings allow.
    timeout: -1,
  })
}
