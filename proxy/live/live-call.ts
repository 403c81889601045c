import type { LiveCall, Speed } from '../../shared/admin/live-calls.ts'
import { stalledAfterMs } from '../../shared/admin/live-calls.ts'
import { isJsonObject } from '../../shared/json.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import { inclusiveUsage } from '../../shared/record/inclusive-usage.ts'
import type { CallContext, InferenceRecord } from '../../shared/record/record.ts'
import { tokensPerSecond } from '../../shared/record/tokens-per-second.ts'
import type { Usage } from '../../shared/record/usage.ts'
import type { ResponseProgress } from '../observe/call.ts'
import { boundedName } from '../observe/capture/text.ts'
import type { CallInFlight } from './call-in-flight.ts'
import { lastWordsOf } from './last-words.ts'

/** What may be shown of content: CAPTURE_CONTENT and REDACT hold here as they do for records. */
export type LiveContent = {
  readonly capture: 'full' | 'lengths' | 'none'
  /** REDACT, for ids; absent where nothing is redacted. */
  readonly redactContext?: (context: CallContext) => CallContext
}

/** @param now ms since 1970 */
export function liveCallOf(inFlight: CallInFlight, content: LiveContent, now: number): LiveCall {
  const { begin, startedAt, lastAt, call, progress } = inFlight
  const sinceStart = (at: number | undefined) => (at === undefined ? undefined : rounded(at - startedAt))
  const phase: 'waiting' | 'answering' = progress?.firstByteAt === undefined ? 'waiting' : 'answering'
  const lastAtWall = begin.startedAt + (lastAt - startedAt)
  return omitUndefined({
    id: begin.id,
    ...(call && shownContext(call.context, content)),
    operation: begin.operation,
    upstream: begin.upstream,
    model: isJsonObject(call?.body) ? boundedName(call.body.model) : undefined,
    startedAt: begin.startedAt,
    phase,
    stalled: now - lastAtWall > stalledAfterMs[phase] ? (true as const) : undefined,
    lastAt: rounded(lastAtWall),
    status: progress?.status,
    firstByteMs: sinceStart(progress?.firstByteAt),
    firstTokenMs: sinceStart(progress?.firstTokenAt),
    bodyBytes: progress?.bodyBytes ?? 0,
    ...shownText(progress, content),
    tokens: tokensOf(progress?.usage ?? { provenance: 'missing' }, begin.operation),
    speed: content.capture === 'none' ? undefined : speedOf(progress, lastAt),
    delivery: 'in_flight' as const,
  })
}

/** A call that is over, of its record, which is redacted already. */
export function endedCallOf(record: InferenceRecord): LiveCall {
  const { id, context, run, operation, upstream, request, response, times, usage, ending, error } = record
  const perSecond = tokensPerSecond(record)
  return omitUndefined({
    id,
    ...idsOf(context),
    // Found when the call is linked, which is after its end.
    agent: run?.agent?.name,
    operation,
    upstream,
    model: request.model,
    startedAt: times.startedAt,
    phase: 'ended' as const,
    lastAt: rounded(times.startedAt + times.durationMs),
    status: response.status,
    firstByteMs: times.firstByteMs && rounded(times.firstByteMs),
    firstTokenMs: times.firstTokenMs && rounded(times.firstTokenMs),
    durationMs: rounded(times.durationMs),
    bodyBytes: response.bodyBytes,
    tokens: tokensOf(usage, operation),
    speed: perSecond === undefined ? undefined : { perSecond, of: 'tokens' as const },
    ending,
    error: error && `${error.type}: ${error.message}`.slice(0, maxErrorCharacters),
    lastWords: lastWordsOf(record),
    delivery: 'spooled' as const,
  })
}

const maxErrorCharacters = 300

const shownContext = (context: CallContext, { redactContext }: LiveContent) =>
  idsOf(redactContext === undefined ? context : redactContext(context))

const idsOf = ({ threadId, sessionId, userId, agentKey }: CallContext) =>
  omitUndefined({ threadId, sessionId, userId, agentKey })

/**
 * Patterns cannot be applied to a text that is still growing: its end may be the first half of what they would match. So
 * with REDACT no words are shown until the record is made.
 */
function shownText(
  progress: ResponseProgress | undefined,
  { capture, redactContext }: LiveContent,
): Pick<LiveCall, 'characters' | 'lastWords'> {
  if (progress?.characters === undefined || capture === 'none') return {}
  const { characters, tail = '' } = progress
  const isShown = capture === 'full' && redactContext === undefined && tail !== ''
  return isShown ? { characters, lastWords: tail.toWellFormed() } : { characters }
}

const tokensOf = (usage: Usage, operation: InferenceRecord['operation']): LiveCall['tokens'] => {
  if (usage.provenance === 'missing') return {}
  const { input, output } = inclusiveUsage(usage, operation)
  return omitUndefined({ input, output })
}

/** Less says nothing yet. */
const minSpeedMs = 200

function speedOf(progress: ResponseProgress | undefined, lastAt: number): Speed | undefined {
  const { firstTokenAt, characters, usage } = progress ?? {}
  if (firstTokenAt === undefined || lastAt - firstTokenAt < minSpeedMs) return undefined
  const seconds = (lastAt - firstTokenAt) / 1_000
  const tokens = usage?.provenance === 'missing' ? undefined : usage?.output
  if (tokens !== undefined && tokens > 1) return { perSecond: rounded(tokens / seconds), of: 'tokens' }
  if (characters === undefined || characters === 0) return undefined
  return { perSecond: rounded(characters / seconds), of: 'characters' }
}

/** Rounded to a tenth. */
const rounded = (value: number): number => Math.round(value * 10) / 10
