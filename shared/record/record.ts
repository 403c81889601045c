import type { Json, JsonObject } from '../json.ts'
import type { Output } from './output.ts'
import type { Usage } from './usage.ts'

/**
 * What is known of one attempt to call a model: the one message between proxy and worker.
 *
 * It grows by optional fields only; a reader accepts what older writers wrote (see codec.ts). All ids and
 * times are made once, at capture, because sinks collapse repeated deliveries only where these are
 * identical to the byte.
 */
export type InferenceRecord = {
  readonly v: 1
  /** 32 lower-case hex: names this record in the store, in dead letters and as the caller's `x-call-id`. */
  readonly id: string
  readonly trace: TraceIds
  readonly context: CallContext
  readonly operation: Operation
  readonly method: string
  /** Path as the upstream was asked, without query: `/v1/chat/completions`. */
  readonly route: string
  /** OpenTelemetry `gen_ai.provider.name`: `openai`, `azure.ai.openai`, `mistral_ai`, ..., or the host. */
  readonly provider: string
  /** Name of the upstream in the settings; `default` for `UPSTREAM_BASE_URL`. */
  readonly upstream: string
  readonly request: RequestFacts
  readonly response: ResponseFacts
  /**
   * What the model was given, shaped for reading: messages, prompt, or `{messages, tools}`. Of a form the fields, a
   * file among them as `{filename, mediaType, bytes, sha256}`, without the hash where it was `cutOff` or very large.
   */
  readonly input?: Json
  readonly output?: Output
  /** What CAPTURE_CONTENT left of input and output, where that is not all. */
  readonly content?: 'lengths' | 'none'
  readonly usage: Usage
  readonly times: Times
  readonly stream?: StreamFacts
  readonly ending: Ending
  /** WithoutUndefined unless the call ended well. */
  readonly error?: CallError
}

/** W3C trace context ids, lower-case hex: 32 for the trace, 16 for spans. */
export type TraceIds = {
  readonly traceId: string
  readonly spanId: string
  /** The caller's span, from `traceparent`. */
  readonly parentSpanId?: string
  /** The span `agent_<key>` that stands between parent and generation when an agent key is known. */
  readonly agentSpanId?: string
  /** False where the caller's `traceparent` says that its trace is not recorded. */
  readonly sampled?: false
}

/** Whose call it is. Absent means nobody said. */
export type CallContext = {
  readonly threadId?: string
  readonly sessionId?: string
  readonly userId?: string
  readonly agentKey?: string
  readonly traceName?: string
  /** Name of the generation itself. */
  readonly spanName?: string
  readonly environment?: string
  readonly tags: readonly string[]
  readonly metadata: JsonObject
  /** True where the metadata was over the limit and is not whole. */
  readonly metadataCut?: true
  /** Which place won, by field: `{"userId": "x-user-id", "sessionId": "baggage session.id"}`. */
  readonly sources?: Readonly<Record<string, string>>
}

/** What kind of call it is; the first five after OpenTelemetry's `gen_ai.operation.name` where it has a name. */
export type Operation =
  | 'chat'
  | 'text_completion'
  | 'responses'
  | 'embeddings'
  | 'rerank'
  | 'moderation'
  | 'image'
  | 'audio'
  | 'relay'

export type RequestFacts = {
  /** As the client named it. */
  readonly model?: string
  readonly stream: boolean
  /** Scalars that steer the model: temperature, max_tokens, seed, ... */
  readonly parameters: JsonObject
  readonly bodyBytes: number
  /** `x-stainless-retry-count`: 0 for a first attempt. */
  readonly retry: number
  /** The client's own id of this call (`idempotency-key`, `x-request-id`), the same on all its attempts. */
  readonly clientId?: string
  /** The record of the first attempt, where this one repeats it. */
  readonly attemptOf?: string
}

export type ResponseFacts = {
  /** As the upstream named it. */
  readonly model?: string
  /** The upstream's id of the answer: `chatcmpl-...`. */
  readonly id?: string
  /** HTTP status; absent when the upstream never answered. */
  readonly status?: number
  /** The upstream's `x-request-id`, for asking its support. */
  readonly requestId?: string
  /** What the upstream says of when to come back and what is left: `retry-after`, `x-ratelimit-...`, as sent. */
  readonly limits?: Readonly<Record<string, string>>
  readonly bodyBytes: number
  /** Bytes of the answer that were not looked at, because they were over a limit or could not be decoded. */
  readonly unseenBytes?: number
}

/** `startedAt` is wall clock (ms since 1970); the others are monotonic ms after it. */
export type Times = {
  readonly startedAt: number
  readonly firstByteMs?: number
  /** First content, reasoning, refusal or tool call: what Langfuse calls completion start. */
  readonly firstTokenMs?: number
  readonly durationMs: number
}

export type StreamFacts = {
  /** Data events seen, `[DONE]` not counted. */
  readonly events: number
  /** Longest silence between two of them, in ms. */
  readonly largestGapMs: number
  /** Events of types that this version does not know, counted by type. */
  readonly unknownEvents?: Readonly<Record<string, number>>
}

/**
 * How the call ended. `truncated`: the stream stopped without its end mark; `upstream_closed`: the connection
 * broke; `upstream_error`: a status of 400 or more, or no answer at all.
 */
export type Ending =
  | 'completed'
  | 'upstream_error'
  | 'error_in_stream'
  | 'truncated'
  | 'client_closed'
  | 'upstream_closed'
  | 'timed_out'

export type CallError = {
  /** Low-cardinality name, for labels: `rate_limit_exceeded`, `http_503`, `connect_failed`, ... */
  readonly type: string
  /** One readable line. */
  readonly message: string
}
