import type { Json, JsonObject } from '../../../../shared/json.ts'
import { omitUndefined } from '../../../../shared/omit-undefined.ts'
import type { Output } from '../../../../shared/record/output.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import { tokensPerSecond } from '../../../../shared/record/tokens-per-second.ts'
import { pricedName } from './priced-parts.ts'
import { hasAgentSpan, type LangfuseSettings } from './trace.ts'
import { includedTokens } from './usage.ts'

/**
 * What has no field of its own in Langfuse. The thread is included only where it is not the session, and the
 * agent key only where no span is named after it, so that nothing appears twice.
 */
export function observationMetadata(record: InferenceRecord, settings: LangfuseSettings): JsonObject {
  const { context, request, response, stream, usage } = record
  return omitUndefined<Record<string, Json | undefined>>({
    call_id: record.id,
    thread_id: context.threadId === context.sessionId ? undefined : context.threadId,
    agent_key: hasAgentSpan(record, settings) ? undefined : context.agentKey,
    context_source: context.sources,
    metadata_cut: context.metadataCut,
    ...linkValues(record),
    provider: record.provider,
    upstream: record.upstream,
    route: `${record.method} ${record.route}`,
    http_status: response.status,
    ending: record.ending,
    finish_reasons: finishReasonsOf(record.output),
    response_id: response.id,
    served_by: response.servedBy,
    response_state: response.state,
    timings: response.timings,
    filters: response.filters,
    fetched_response: record.fetched,
    completed_by: record.completedBy,
    error_param: record.error?.param,
    request_id: response.requestId,
    limits: response.limits,
    request_bytes: request.bodyBytes,
    response_bytes: response.bodyBytes,
    retry: request.retry === 0 ? undefined : request.retry,
    client_request_id: request.clientId,
    attempt_of: request.attemptOf,
    usage_provenance: usage.provenance,
    tool_requests: usage.provenance === 'missing' ? undefined : usage.toolRequests,
    included_tokens: includedTokens(record),
    model: routedModel(record),
    requested_service_tier: unlessServed(record.request.parameters.service_tier, response.serviceTier),
    requested_speed: unlessServed(record.request.parameters.speed, response.speed),
    audio_seconds: record.output?.kind === 'text' ? record.output.seconds : undefined,
    language: record.output?.kind === 'text' ? record.output.language : undefined,
    unseen_request_bytes: request.unseenBytes,
    unseen_bytes: response.unseenBytes,
    stream_events: stream?.events,
    output_tokens_per_second: tokensPerSecond(record),
    stream_unknown_events: stream?.unknownEvents,
    stream_unused_events: stream?.unusedEvents,
    stream_largest_gap_ms: stream === undefined ? undefined : Math.round(stream.largestGapMs),
  })
}

/** How the call came into its run, and which step of it it is. */
function linkValues({ link, run }: InferenceRecord) {
  return {
    link: link?.kind,
    link_refused: link?.refused,
    link_relation: link?.relation,
    parent_call_id: link?.parentCallId,
    compacted: link?.compacted,
    turn: run !== undefined && run.turn > 1 ? run.turn : undefined,
    step: run !== undefined && run.step > 1 ? run.step : undefined,
  }
}

/** The model's name as reported, where the observation has another one. */
function routedModel({ request, response }: InferenceRecord): string | undefined {
  const model = response.model ?? request.model
  return model === undefined || model === pricedName(model) ? undefined : model
}

/** What was asked for, where something else was served. */
const unlessServed = (requested: Json | undefined, served: string | undefined): Json | undefined =>
  served === undefined || requested === served ? undefined : requested

function finishReasonsOf(output: Output | undefined): readonly string[] | undefined {
  if ((output?.kind === 'items' || output?.kind === 'message') && output.finishReason !== undefined) {
    return [output.finishReason]
  }
  if (output?.kind !== 'choices') return undefined
  const reasons = output.choices.flatMap(({ finishReason }) => finishReason ?? [])
  return reasons.length === 0 ? undefined : reasons
}
