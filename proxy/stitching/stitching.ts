import type { Output } from '../../shared/record/output.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Link } from '../../shared/record/run.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import type { Capture } from '../observe/capture/capture.ts'
import type { Journal } from './journal.ts'
import { createKeyedHash } from './keyed-hash.ts'
import type { SharedMemory } from './shared-memory.ts'
import { answeredCall, endedCall, type ObservedExchange, withRun, withToolSpans } from './stitch-record.ts'
import type { EndedCall } from './stitched-call.ts'
import { createStitcher } from './stitcher.ts'

export type StitchingEvents = {
  callLinked(link: Link): void
  /** A defect cost a call its links. */
  stitchingFailed(cause: unknown): void
}

/** Puts calls into the runs that they belong to, when they are over. */
export type Stitching = {
  /** Hashes the client's credentials: what is linked never crosses them. */
  tenantOf(credentials: string): string
  /** Calls back once, now or soon; in the order in which the calls came. */
  complete(
    record: InferenceRecord,
    exchange: ObservedExchange,
    onRecord: (record: InferenceRecord) => void,
  ): void
  /**
   * For a call whose answer another one has fetched: what it asks for is known from now on.
   * @param output before CAPTURE_CONTENT is applied
   * @returns the record with spans of the tools that the provider ran
   */
  answered(record: InferenceRecord, output: Output | undefined): InferenceRecord
  /** Takes over what an earlier process remembered. */
  recall(): void
}

export type StitchingOptions = {
  readonly key: string
  readonly capture: Capture
  /** Applies REDACT to what names of agents are made of: parts of it would not be recognised in them. */
  readonly redactText?: (text: string) => string
  readonly clock: Clock
  readonly events: StitchingEvents
  readonly journal?: Pick<Journal, 'read' | 'note'>
  readonly shared?: Pick<SharedMemory, 'find' | 'note'>
}

type Waiting = {
  readonly record: InferenceRecord
  readonly call: EndedCall | undefined
  readonly onRecord: (record: InferenceRecord) => void
  isReady: boolean
}

const unchanged = (text: string): string => text

export function createStitching(options: StitchingOptions): Stitching {
  const { key, capture, redactText = unchanged, clock, events, journal, shared } = options
  const hash = createKeyedHash(key)
  const waiting: Waiting[] = []
  const stitcher = createStitcher({
    key,
    clock,
    quote: capture.content === 'full' ? redactText : undefined,
    isShared: shared !== undefined,
    onRemembered(calls) {
      journal?.note(calls)
      shared?.note(calls)
    },
  })

  function attempt<T>(action: () => T, fallback: T): T {
    try {
      return action()
    } catch (cause) {
      events.stitchingFailed(cause)
      return fallback
    }
  }

  function stitched(record: InferenceRecord, call: EndedCall): InferenceRecord {
    const result = stitcher.stitch(call)
    events.callLinked(result.link)
    return withRun(record, result, capture)
  }

  function withAnswer(record: InferenceRecord, output: Output | undefined): InferenceRecord {
    const toolSpans = stitcher.learnAnswer(answeredCall(record, output))
    const before = record.toolSpans ?? []
    const { toolSpans: added = [] } = withToolSpans({ ...record, toolSpans: [] }, toolSpans, capture)
    return added.length === 0 ? record : { ...record, toolSpans: [...before, ...added] }
  }

  /** In order: what a call follows must have been stitched before it. */
  function passOn(): void {
    for (let [first] = waiting; first?.isReady === true; [first] = waiting) {
      waiting.shift()
      const { record, call, onRecord } = first
      onRecord(call === undefined ? record : attempt(() => stitched(record, call), record))
    }
  }

  return {
    tenantOf: (credentials) => hash('credentials', credentials),
    answered: (record, output) => attempt(() => withAnswer(record, output), record),
    recall: () => attempt(() => stitcher.learn(journal?.read() ?? []), undefined),
    complete(record, exchange, onRecord) {
      const call = attempt(() => endedCall(record, exchange, hash), undefined)
      const keys =
        shared === undefined || call === undefined ? [] : attempt(() => stitcher.unknownKeys(call), [])
      const entry: Waiting = { record, call, onRecord, isReady: keys.length === 0 }
      waiting.push(entry)
      if (entry.isReady || shared === undefined) return passOn()
      void shared.find(keys).then((found) => {
        attempt(() => stitcher.learn(found), undefined)
        entry.isReady = true
        passOn()
      })
    },
  }
}
