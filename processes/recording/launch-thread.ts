import { type ResourceLimits, Worker } from 'node:worker_threads'
import { type BirpcReturn, createBirpc } from 'birpc'
import { RecorderNotRunning } from '../../proxy/attribution/store/store.ts'
import { memoryLimit } from '../../shared/memory-limit.ts'
import type { RecordingFunctions, RelayFunctions, Started, ThreadData } from './protocol.ts'
import { WrongSetting } from './wrong-setting.ts'

export type LaunchedThread = {
  readonly worker: Worker
  readonly functions: BirpcReturn<RecordingFunctions, RelayFunctions>
  readonly started: Started
  /** Rejects when the thread ends, whatever the reason. */
  readonly died: Promise<never>
}

const mebibyte = 1_048_576

/**
 * Nearly all that recording allocates is garbage within a second: with the default of 16 MB much of its time goes into
 * collecting it again and again. A small container cannot do without that; nor with large texts, which only a collection of the
 * old generation frees, staying until V8 finds it worth while. What is live is bounded well below it.
 */
function resourceLimits(limit = memoryLimit() / mebibyte): ResourceLimits {
  const maxYoungGenerationSizeMb = Math.min(64, Math.max(16, Math.floor(limit / 16)))
  if (limit > smallMemoryMb) return { maxYoungGenerationSizeMb }
  return { maxYoungGenerationSizeMb, maxOldGenerationSizeMb: Math.floor((limit * 3) / 8) }
}

/** Containers with more have room for garbage. */
const smallMemoryMb = 2_048

/**
 * Resolves once the thread has started; one that cannot start is ended.
 * @throws WrongSetting, or what kept it from starting
 */
export async function launchThread(
  entry: URL,
  data: ThreadData,
  relayFunctions: RelayFunctions,
): Promise<LaunchedThread> {
  const worker = new Worker(entry, { workerData: data, resourceLimits: resourceLimits() })
  const functions = connect(worker, relayFunctions)
  const died = new Promise<never>((_, reject) => {
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the recording thread exited with ${code}`)))
  })
  died.catch(() => undefined)
  // Nobody else answers them.
  worker.once('exit', () => {
    functions.$rejectPendingCalls(({ reject }) => reject(new RecorderNotRunning()))
  })
  try {
    const started = await Promise.race([functions.start(), died])
    if ('refused' in started) throw new WrongSetting(started.refused)
    return { worker, functions, started, died }
  } catch (cause) {
    await worker.terminate()
    throw cause
  }
}

function connect(worker: Worker, functions: RelayFunctions): LaunchedThread['functions'] {
  return createBirpc<RecordingFunctions, RelayFunctions>(functions, {
    post: (message) => worker.postMessage(message),
    on: (listener) => void worker.on('message', listener),
    eventNames: ['wake', 'forceStop', 'countLost'],
    // A spool that is drained at the end takes as long as the settings allow.
    timeout: -1,
  })
}
