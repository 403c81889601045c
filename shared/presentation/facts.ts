import type { CallDetail } from '../admin/call-store.ts'
import type { Json } from '../json.ts'
import type { RequestFacts } from '../record/record.ts'
import type { Link } from '../record/run.ts'
import type { Usage } from '../record/usage.ts'
import { costText, duration, localTime, shortId } from './cells.ts'
import { deliveryText } from './delivery.ts'

/** What is known of a call beside what was said, each with its label. */
export function factsOf(
  call: CallDetail,
  now: number,
): readonly (readonly [label: string, text: string | undefined])[] {
  const { id, trace, context, request, times } = call
  return [
    ['CALL', id],
    ['BEGAN', localTime(times.startedAt, now)],
    ['TOOK', timesText(call)],
    ['MODEL', modelText(call)],
    ['REQUEST', requestText(call)],
    ['SETTINGS', pairsText(request.parameters)],
    ['ENDED', endingText(call)],
    ['ERROR', call.error && `${call.error.type}: ${call.error.message}`],
    ['TOKENS', tokensText(call.usage)],
    ['INJECTED', injectedText(call)],
    ['COST', costOrigin(call)],
    ...attribution(call),
    ['LINK', call.link && linkText(call.link, call)],
    ['TAGS', context.tags.length === 0 ? undefined : context.tags.join(', ')],
    ['METADATA', pairsText(context.metadata)],
    ['TRACE', `${trace.traceId}, span ${trace.spanId}`],
    ['DELIVERY', deliveryText(call.delivery, id, now)],
  ]
}

function timesText({ times, stream }: CallDetail): string {
  const { durationMs, firstByteMs, firstTokenMs } = times
  const parts = [
    duration(durationMs),
    firstByteMs === undefined ? undefined : `first byte after ${duration(firstByteMs)}`,
    firstTokenMs === undefined ? undefined : `first content after ${duration(firstTokenMs)}`,
    stream && `${stream.events} events, at most ${duration(stream.largestGapMs)} apart`,
  ]
  return parts.filter((part) => part !== undefined).join(', ')
}

function modelText({ request, response, operation, provider, upstream }: CallDetail): string {
  const model = response.model ?? request.model ?? '(no model)'
  const isOther = request.model !== undefined && request.model !== model
  return `${model}${isOther ? ` (asked for ${request.model})` : ''}, ${operation} of ${provider}, upstream ${upstream}`
}

function requestText({ method, route, request, response }: CallDetail): string {
  const retry = request.retry > 0 ? `, retry ${request.retry}` : ''
  const stream = request.stream ? ', as a stream' : ''
  return `${method} ${route}${stream}, ${request.bodyBytes} bytes; ${response.bodyBytes} bytes came back${retry}`
}

function endingText({ ending, response }: CallDetail): string {
  const status = response.status === undefined ? 'no response' : `status ${response.status}`
  const tier = response.serviceTier === undefined ? '' : `, tier ${response.serviceTier}`
  const speed = response.speed === undefined ? '' : `, speed ${response.speed}`
  const upstreamId = response.requestId === undefined ? '' : `, upstream's id ${response.requestId}`
  return `${ending}, ${status}${tier}${speed}${upstreamId}`
}

const provenances: Readonly<Record<Usage['provenance'], string>> = {
  provider: 'as the provider counts them',
  estimated: 'estimated here: the provider sent none',
  missing: 'unknown: the provider sent none',
}

/** Counts beside input, output and total, and what they are called here. */
const parts = {
  cachedInput: 'read from the cache',
  cacheWrite: 'written to the cache',
  reasoning: 'reasoning',
  audioInput: 'audio in',
  imageInput: 'image in',
  audioOutput: 'audio out',
  imageOutput: 'image out',
} as const

function tokensText(usage: Usage): string {
  if (usage.provenance === 'missing') return provenances.missing
  const counts = [
    usage.input === undefined ? undefined : `${usage.input} in`,
    usage.output === undefined ? undefined : `${usage.output} out`,
    usage.total === undefined ? undefined : `${usage.total} in all`,
    ...Object.entries(parts).map(([key, name]) => {
      const count = usage[key as keyof typeof parts]
      return count ? `${count} ${name}` : undefined
    }),
  ]
  return `${counts.filter((count) => count !== undefined).join(', ')} (${provenances[usage.provenance]})`
}

const usageOptions: Readonly<Record<NonNullable<RequestFacts['usageOption']>, string>> = {
  injected:
    'stream_options.include_usage, on behalf of the client; the frame that carries only usage was cut out of what it received',
  rejected: 'nothing: the upstream refused stream_options.include_usage, and answered the original request',
  left_out: 'nothing: this upstream is not asked for the usage of this model’s streams',
  tried: 'nothing, to learn whether this upstream sends usage unasked',
}

/** What the relay added to the request, and took out of the response. */
function injectedText({ request }: CallDetail): string | undefined {
  return request.usageOption && usageOptions[request.usageOption]
}

function costOrigin({ cost, usage, fetched }: CallDetail): string {
  if (cost === undefined && fetched !== undefined)
    return 'none: what is fetched was paid for when it was generated'
  if (cost === undefined && usage.provenance === 'missing') return 'unknown, as its tokens are'
  if (cost === undefined) return 'unknown: no bill of the provider, and no price of this model'
  const tokens = cost.source === 'price_list' && cost.estimated ? ', of estimated tokens' : ''
  const origin =
    cost.source === 'provider' ? 'as the provider billed it' : `by list prices of ${cost.date}${tokens}`
  return `${costText(cost)} (${origin})`
}

const attributed = {
  THREAD: 'threadId',
  SESSION: 'sessionId',
  USER: 'userId',
  AGENT: 'agentKey',
  NAME: 'traceName',
  ENVIRONMENT: 'environment',
} as const

/** How it was linked to an earlier call, and to which one; or that it was not, and why. */
function linkText(link: Link, { run, trace }: CallDetail): string {
  const { kind, relation, refused, parentCallId } = link
  const parts = [
    kind === 'none' ? 'linked to no earlier call' : `by ${kind}`,
    refused === undefined ? undefined : `refused: ${refused}`,
    relation === undefined ? undefined : `as ${relation}`,
    parentCallId === undefined ? undefined : `of call ${shortId(parentCallId)}`,
  ]
  const place =
    run === undefined ? '' : `; turn ${run.turn}, step ${run.step} of run ${shortId(trace.traceId)}`
  return `${parts.filter((part) => part !== undefined).join(', ')}${place}`
}

/** Each with the place that it was taken from. */
function attribution({ context }: CallDetail): readonly (readonly [string, string | undefined])[] {
  return Object.entries(attributed).map(([label, field]) => {
    const value = context[field]
    const source = context.sources?.[field]
    return [label, value === undefined ? undefined : `${value}${source === undefined ? '' : ` (${source})`}`]
  })
}

function pairsText(pairs: Readonly<Record<string, Json | undefined>>): string | undefined {
  const entries = Object.entries(pairs)
  if (entries.length === 0) return undefined
  return entries
    .map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}
