import { parentPort, workerData } from 'node:worker_threads'
import { createBirpc } from 'birpc'
import { createLifecycle, innerStopGraceMs, type Lifecycle } from '../../shared/lifecycle.ts'
import { startupGarbage } from '../../shared/startup-garbage.ts'
import { createRuntime } from '../assembly/runtime.ts'
import { assembleRecordingThread, type RecordingThreadAssembly } from './assembly.ts'
import { isWrongSetting } from './is-wrong-setting.ts'
import type { RecordingFunctions, RelayFunctions, Started, ThreadData } from './protocol.ts'
import { lowerThreadPriority } from './thread-priority.ts'

// The entry of the recording thread; recording-thread.ts starts it.

lowerThreadPriority()

const data = workerData as ThreadData
const runtime = createRuntime(data.env, data.role)
const forced = new AbortController()
let running: { readonly assembly: RecordingThreadAssembly; readonly lifecycle: Lifecycle } | undefined

const relay = createBirpc<RelayFunctions, RecordingFunctions>(
  {
    async start() {
      try {
        return await start()
      } catch (cause) {
        // The class of an error does not cross to another thread.
        if (isWrongSetting(cause)) return { refused: cause.message }
        throw cause
      }
    },
    stop: async () => running?.lifecycle.stop(runtime.config.shutdownTimeoutMs, forced.signal) ?? [],
    forceStop: () => forced.abort(),
    wake: () => running?.assembly.recorder.tape.wake(),
    countLost: (calls) => running?.assembly.recorder.countLost(calls),
    putContext: (...args) => contexts().put(...args),
    getContext: (...args) => contexts().get(...args),
    deleteContext: (...args) => contexts().delete(...args),
  },
  {
    post: (message) => parentPort?.postMessage(message),
    on: (listener) => void parentPort?.on('message', listener),
    eventNames: ['contextFound', 'usageReported'],
    timeout: -1,
  },
)

async function start(): Promise<Started> {
  runtime.degradations.count('recorder', data.failures)
  const assembly = await assembleRecordingThread(runtime, data, relay)
  const lifecycle = createLifecycle(
    [...assembly.parts, startupGarbage],
    (part, cause) => runtime.log.error({ part, err: cause }, 'a part failed to stop'),
    innerStopGraceMs,
  )
  await lifecycle.start()
  running = { assembly, lifecycle }
  return { adminUrl: assembly.adminPort.url(), degraded: runtime.degradations.list() }
}

/** What was registered after a call began must not be found by it: calls on the tape come first. */
function contexts() {
  if (running === undefined) throw new Error('the recorder is not running')
  const { tape, contexts: store } = running.assembly.recorder
  tape.drain()
  return store
}
