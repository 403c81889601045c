import type { Json, JsonObject } from '../json.ts'
import type { Medium } from './media.ts'
import type { Output } from './output.ts'
import type { Link, Run, ToolSpan } from './run.ts'
import type { FetchedResponse, ServedFacts } from './served.ts'
import type { Usage } from './usage.ts'

/**
 * One attempt to call a model: the only message between proxy and worker.
 *
 * It grows by optional fields only; readers accept what older writers wrote (see codec.ts). All ids and times
 * are fixed at capture, because sinks collapse repeated deliveries only where these are byte-identical.
 */
export type InferenceRecord = {
  readonly v: 1
  /** 32 lower-case hex: the record's id in the store, in dead letters and as the client's `x-call-id`. */
  readonly id: string
  readonly trace: TraceIds
  readonly context: CallContext
  /** How the call was linked to earlier ones; absent with STITCH=off, and where there is no conversation. */
  readonly link?: Link
  readonly run?: Run
  /** Tools that ended with this call: their results came with its request, or the provider ran them within it. */
  readonly toolSpans?: readonly ToolSpan[]
  readonly operation: Operation
  readonly method: string
  /** Path of the request to the upstream, without its query: `/v1/chat/completions`. */
  readonly route: string
  /** OpenTelemetry `gen_ai.provider.name`: `openai`, `azure.ai.openai`, `mistral_ai`, ..., or the host. */
  readonly provider: string
  /** Name of the upstream in the settings; `default` for `UPSTREAM_BASE_URL`. */
  readonly upstream: string
  readonly request: RequestFacts
  readonly response: ResponseFacts
  /**
   * The model's input, shaped for reading: messages, prompt, or `{messages, tools}`. Of a form its fields, files as
   * `{filename, mediaType, bytes, sha256}`, without the hash where the file was `cutOff` or very large.
   */
  readonly input?: Json
  readonly output?: Output
  /** Media of input and output whose bytes are kept beside the record (CAPTURE_MEDIA=upload). */
  readonly media?: readonly Medium[]
  /** Set where less than all of input and output is kept: by CAPTURE_CONTENT, or `none` while threadtap was overloaded. */
  readonly content?: 'lengths' | 'none'
  readonly usage: Usage
  /**
   * Set where this record completes an earlier one of the same id, whose response was still being generated: the id of the
   * call that fetched its result. All that is known of the generation is in it; it takes the place of the earlier one.
   */
  readonly completedBy?: string
  /** Set where the call generated nothing, but fetched a response that another call had generated. */
  readonly fetched?: FetchedResponse
  readonly times: Times
  readonly stream?: StreamFacts
  readonly ending: Ending
  /** Absent where the call succeeded. */
  readonly error?: CallError
}

/** W3C trace context ids, lower-case hex: 32 for the trace, 16 for spans. */
export type TraceIds = {
  readonly traceId: string
  readonly spanId: string
  /** The client's span, from `traceparent`. */
  readonly parentSpanId?: string
  /** The span `agent_<key>` between parent and generation, where an agent key is known. */
  readonly agentSpanId?: string
  /** False where the client's `traceparent` is not sampled. */
  readonly sampled?: false
}

/** The call's attribution. A field is absent where no source has it. */
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
  /** True where the metadata was over the limit and has been truncated. */
  readonly metadataCut?: true
  /** The source of each field: `{"userId": "x-user-id", "sessionId": "baggage session.id"}`. */
  readonly sources?: Readonly<Record<string, string>>
}

/**
 * Kind of call. `messages` is Anthropic's Messages API; OpenTelemetry's names for these kinds are in operation-name.ts.
 */
export type Operation =
  | 'chat'
  | 'text_completion'
  | 'responses'
  | 'messages'
  | 'embeddings'
  | 'rerank'
  | 'moderation'
  | 'image'
  | 'audio'
  | 'video'
  | 'relay'

export type RequestFacts = {
  /** As the client named it. */
  readonly model?: string
  readonly stream: boolean
  /** Request parameters: temperature, max_tokens, seed, ...; those that are lists or objects in full. */
  readonly parameters: JsonObject
  readonly bodyBytes: number
  /** Bytes of the body that were not looked at, because the recorder could not keep up. */
  readonly unseenBytes?: number
  /**
   * What became of the usage option of a stream whose client leaves it to the relay. `injected`: asked for on its behalf, and
   * the frame that carries only usage cut out of what it received; `rejected`: the upstream refused it, and answered the
   * original request; `left_out`: not asked; `tried`: left out to learn what the upstream sends then.
   */
  readonly usageOption?: 'injected' | 'rejected' | 'left_out' | 'tried'
  /** `x-stainless-retry-count`: 0 for a first attempt. */
  readonly retry: number
  /** The client's own id of this call (`idempotency-key`, `x-request-id`), the same for all its attempts. */
  readonly clientId?: string
  /** Id of the first attempt's record, where this is a retry. */
  readonly attemptOf?: string
}

export type ResponseFacts = ServedFacts & {
  /** As the upstream named it. */
  readonly model?: string
  /** The upstream's id of the response: `chatcmpl-...`. */
  readonly id?: string
  /** The tier that served the call, as the upstream names it: `default`, `priority`, `flex`. */
  readonly serviceTier?: string
  /** HTTP status; absent where the upstream never responded. */
  readonly status?: number
  /** The upstream's `x-request-id`, which its support asks for. */
  readonly requestId?: string
  /** Rate-limit headers as sent: `retry-after`, `x-ratelimit-...`. */
  readonly limits?: Readonly<Record<string, string>>
  readonly bodyBytes: number
  /** Bytes of the response that were not read, because they exceeded a limit or could not be decoded. */
  readonly unseenBytes?: number
}

/** `startedAt` is wall clock (ms since 1970); the others are monotonic ms after it. */
export type Times = {
  readonly startedAt: number
  readonly firstByteMs?: number
  /** First content, reasoning, refusal or tool call: Langfuse's completion start. */
  readonly firstTokenMs?: number
  readonly durationMs: number
}

export type StreamFacts = {
  /** Data events, without `[DONE]`. */
  readonly events: number
  /** Longest time between two of them, in ms. */
  readonly largestGapMs: number
  /** When that time began, in ms after the start of the call; older versions did not note it. */
  readonly largestGapFromMs?: number
  /** When the last of them came, in ms after the start of the call; older versions did not note it. */
  readonly lastEventMs?: number
  /** Number of events by type, for types that this version does not know. */
  readonly unknownEvents?: Readonly<Record<string, number>>
  /** Number of events by type, for known types of which nothing was kept: sound, partial pictures, what did not fit. */
  readonly unusedEvents?: Readonly<Record<string, number>>
}

/**
 * How the call ended. `truncated`: the stream ended without its terminal event; `upstream_closed`: the connection
 * broke; `upstream_error`: a status of 400 or more, or no response at all; `running`: the call has ended, and the upstream
 * goes on generating its response in the background; `process_died`: threadtap was killed before the call had ended, so
 * that it was interrupted, and what is known is what had gone by until then.
 */
export type Ending =
  | 'completed'
  | 'running'
  | 'upstream_error'
  | 'error_in_stream'
  | 'truncated'
  | 'client_closed'
  | 'upstream_closed'
  | 'timed_out'
  | 'process_died'

export type CallError = {
  /** Low-cardinality name, for labels: `rate_limit_exceeded`, `http_503`, `connect_failed`, ... */
  readonly type: string
  /** One readable line. */
  readonly message: string
  /** The upstream's `type` of the error, where its `code` is the type here. */
  readonly kind?: string
  /** The request field that the upstream complains about: `messages[3].content`. */
  readonly param?: string
}
