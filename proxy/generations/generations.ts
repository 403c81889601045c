import { parseJson } from '../../shared/json.ts'
import { leastRecentlyUsed } from '../../shared/least-recently-used.ts'
import { isRecord } from '../../shared/record/codec.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { pause } from '../../shared/timing/pause.ts'
import type { FetchedResult } from '../observe/fetched-result.ts'
import { completeRecord, type FetchingCall } from './complete-record.ts'
import type { LocalGenerations } from './local-generations.ts'
import { encodeOpen, generationKey, isOpen } from './open-generation.ts'
import type { SharedGenerations } from './shared-generations.ts'

export type GenerationEvents = {
  /** The result of a generation is not known yet. */
  generationOpened(): void
  generationCompleted(record: InferenceRecord): void
  /** The result of a background response whose generation is not known here. */
  generationUnknown(): void
  /** A defect cost a generation its result. */
  recordingFailed(cause: unknown): void
}

export type GenerationsOptions = {
  /** Base URLs by the upstream's name. */
  readonly urls: ReadonlyMap<string, string>
  readonly local: LocalGenerations
  /** With REDIS_URL. */
  readonly shared?: SharedGenerations | undefined
  /** Takes the complete record, and what completed it. */
  readonly accept: (record: InferenceRecord, result: FetchedResult) => void
  /** Called while a result is being settled. @returns to be called when it is */
  readonly begin: () => () => void
  readonly events: GenerationEvents
  /** Aborts when results need not wait for their generation any longer. */
  readonly stopping: AbortSignal
  /** How long a result waits for its generation to be known, in ms, time and again. */
  readonly retryMs?: readonly number[]
}

/** Completes generations whose result is fetched by a later call, each once, in whichever process sees it first. */
export type Generations = {
  /** To be shown every record once it has been accepted. */
  recorded(record: InferenceRecord): void
  /** A call has fetched a result; it may be that of a generation long complete. */
  fetched(call: FetchingCall & Pick<InferenceRecord, 'upstream'>, result: FetchedResult): void
}

/** A client may poll another process before the one that began the generation has shared it. */
const defaultRetryMs = [250, 1_000, 4_000]
/** Results that wait; each holds an output. Beyond it they are looked up once. */
const maxWaiting = 100
/** Without Redis this process alone completes generations, and remembers which. */
const maxDone = 1_000

export function createGenerations(options: GenerationsOptions): Generations {
  const { urls, local, shared, accept, begin, events, stopping, retryMs = defaultRetryMs } = options
  const waiting = new Map<string, AbortController>()
  /** Polls come in quick succession. */
  const settling = new Set<string>()
  const done = leastRecentlyUsed<true>(maxDone)

  async function claim(key: string): Promise<string | 'taken' | undefined> {
    const own = local.get(key)
    const found = (await shared?.claim(key, own !== undefined)) ?? { kind: 'unknown' as const }
    local.delete(key)
    if (found.kind === 'taken') return 'taken'
    return found.kind === 'open' ? found.record : own
  }

  async function settle(key: string, call: FetchingCall, result: FetchedResult): Promise<void> {
    const isBackground = result.served?.background === true
    const waits = isBackground && waiting.size < maxWaiting ? retryMs : []
    for (const waitMs of [0, ...waits]) {
      if (waitMs > 0) await untilKnown(key, waitMs)
      const found = await claim(key)
      if (found === 'taken') return
      if (found !== undefined) return complete(key, found, call, result)
      if (stopping.aborted) break
    }
    if (isBackground) events.generationUnknown()
  }

  async function untilKnown(key: string, ms: number): Promise<void> {
    const known = new AbortController()
    waiting.set(key, known)
    await pause(ms, known.signal, stopping)
  }

  function complete(key: string, text: string, call: FetchingCall, result: FetchedResult): void {
    const open = parseJson(text)
    if (!isRecord(open)) return
    if (shared === undefined) done.set(key, true)
    const record = completeRecord(open, result, call)
    events.generationCompleted(record)
    accept(record, result)
  }

  return {
    recorded(record) {
      if (!isOpen(record)) return
      const key = generationKey(urls.get(record.upstream), record.response.id)
      if (key === undefined) return
      const text = encodeOpen(record)
      done.delete(key)
      local.put(key, text)
      void shared?.put(key, text)
      events.generationOpened()
      waiting.get(key)?.abort()
    },

    fetched(call, result) {
      const key = generationKey(urls.get(call.upstream), result.id)
      if (key === undefined || done.has(key) || settling.has(key)) return
      settling.add(key)
      const settled = begin()
      void settle(key, call, result)
        .catch(events.recordingFailed)
        .finally(() => {
          waiting.delete(key)
          settling.delete(key)
          settled()
        })
    },
  }
}
