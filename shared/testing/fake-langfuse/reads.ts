import type { Json, JsonObject } from '../../json.ts'
import { type Mode, servers } from './modes.ts'
import type { Observation, Trace } from './observation.ts'
import { priceOf } from './prices.ts'
import { rounded } from './pricing.ts'
import { type FakeResponse, goneInVersion4, jsonResponse, pageNotFound } from './responses.ts'
import type { Store } from './store.ts'

/** The read API: v1 on versions 2 and 3, v2 on version 4. */
export function handleRead(url: URL, mode: Mode, store: Store): FakeResponse {
  const path = url.pathname.replace(/^\/api\/public/, '')
  const observations = store.readable().filter((observation) => matches(observation, url.searchParams))
  const isNew = servers[mode].ingests === 'scores'
  if (path === '/projects') return jsonResponse(200, { data: [{ id: 'test-project', name: 'test' }] })
  if (path === '/v2/observations') {
    const fields = url.searchParams.get('fields')?.split(',')
    const rows = observations.map((observation) => withFields(inVersion4(observation), fields))
    return isNew ? jsonResponse(200, { data: rows, meta: {} }) : pageNotFound
  }
  if (isNew) return goneInVersion4
  if (path === '/observations') {
    const meta = {
      page: 1,
      limit: 50,
      totalItems: observations.length,
      totalPages: Math.ceil(observations.length / 50),
    }
    return jsonResponse(200, { data: observations.map(inVersion2), meta })
  }
  const id = path.match(/^\/traces\/([^/]+)$/)?.[1]
  if (id === undefined) return pageNotFound
  const trace = store.traces().find((candidate) => candidate.id === decodeURIComponent(id))
  // An observation whose trace was never created exists, but its trace cannot be read.
  if (trace === undefined)
    return jsonResponse(404, {
      error: 'LangfuseNotFoundError',
      message: `Trace ${id} not found within authorized project`,
    })
  const own = store.observations().filter((observation) => observation.traceId === trace.id)
  return jsonResponse(200, traceInVersion2(trace, own))
}

function matches({ traceId, startTime }: Observation, query: URLSearchParams): boolean {
  const [from, to] = ['fromStartTime', 'toStartTime'].map((name) => Date.parse(query.get(name) ?? ''))
  const at = Date.parse(startTime)
  return (query.get('traceId') ?? traceId) === traceId && !(at < Number(from)) && !(at >= Number(to))
}

/** Of the groups that can be left out, as far as a test needs them. */
const groups: Readonly<Record<string, readonly string[]>> = {
  io: ['input', 'output'],
  usage: ['usageDetails', 'inputUsage', 'outputUsage', 'totalUsage'],
}

function withFields(row: JsonObject, fields: readonly string[] | undefined): JsonObject {
  const hidden = Object.entries(groups).flatMap(([group, names]) =>
    fields === undefined || fields.includes(group) ? [] : names,
  )
  return Object.fromEntries(Object.entries(row).filter(([name]) => !hidden.includes(name)))
}

const now = (): string => new Date().toISOString()

function traceInVersion2(trace: Trace, observations: readonly Observation[]): JsonObject {
  return {
    id: trace.id,
    externalId: null,
    timestamp: trace.timestamp,
    name: trace.name,
    userId: trace.userId,
    metadata: emptyAsNull(trace.metadata),
    release: trace.release,
    version: null,
    projectId: 'test-project',
    public: trace.isPublic,
    bookmarked: false,
    tags: trace.tags,
    input: trace.input,
    output: trace.output,
    sessionId: trace.sessionId,
    createdAt: now(),
    updatedAt: now(),
    scores: [],
    htmlPath: `/project/test-project/traces/${trace.id}`,
    totalCost: rounded(observations.reduce((sum, { cost }) => sum + (cost.total ?? 0), 0)),
    latency: Math.max(
      0,
      ...observations.map((observation) => secondsOf(observation, observation.endTime) ?? 0),
    ),
    observations: observations.map(inVersion2),
  }
}

function inVersion2(observation: Observation): JsonObject {
  const { model, usage, cost } = observation
  const price = priceOf(model)
  const counts = {
    input: usage.details.input ?? 0,
    output: usage.details.output ?? 0,
    total: usage.details.total ?? 0,
  }
  return {
    ...shared(observation),
    metadata: emptyAsNull(observation.metadata),
    statusMessage: observation.statusMessage,
    version: observation.version,
    model,
    modelParameters: observation.modelParameters,
    promptId: null,
    promptName: null,
    promptVersion: null,
    modelId: price === undefined ? null : modelId,
    inputPrice: price?.input ?? null,
    outputPrice: price?.output ?? null,
    totalPrice: null,
    calculatedInputCost: cost.input ?? null,
    calculatedOutputCost: cost.output ?? null,
    calculatedTotalCost: cost.total ?? null,
    unit: 'TOKENS',
    promptTokens: counts.input,
    completionTokens: counts.output,
    totalTokens: counts.total,
    usage: { unit: 'TOKENS', ...counts },
  }
}

const modelId = 'clyrjp56f0000t0mzapoocd7u'

function inVersion4(observation: Observation): JsonObject {
  const { model, usage, cost, trace } = observation
  const price = priceOf(model)
  const sumOf = (side: string, amounts: Readonly<Record<string, number>>): number =>
    rounded(Object.entries(amounts).reduce((sum, [key, n]) => (key.startsWith(side) ? sum + n : sum), 0))
  return {
    ...shared(observation),
    metadata: observation.metadata,
    statusMessage: observation.statusMessage ?? '',
    version: observation.version ?? '',
    environment: observation.environment,
    model,
    internalModelId: price === undefined ? '' : modelId,
    modelParameters: observation.modelParameters,
    usageDetails: usage.details,
    inputUsage: sumOf('input', usage.details),
    outputUsage: sumOf('output', usage.details),
    totalUsage: usage.details.total ?? 0,
    costDetails: cost,
    inputCost: sumOf('input', cost),
    outputCost: sumOf('output', cost),
    totalCost: cost.total ?? 0,
    promptId: '',
    promptName: '',
    promptVersion: null,
    usagePricingTierId: price === undefined ? null : `${modelId}_tier_default`,
    usagePricingTierName: price === undefined ? null : 'Standard',
    userId: trace.userId ?? '',
    sessionId: trace.sessionId ?? '',
    isRootObservation: observation.isRoot,
    traceName: trace.name ?? observation.name,
    release: trace.release ?? '',
    tags: trace.tags,
    bookmarked: false,
    public: false,
    modelId: price === undefined ? null : modelId,
    inputPrice: priceText(price?.input),
    outputPrice: priceText(price?.output),
    totalPrice: null,
  }
}

/** In scientific notation: `1.5e-7`. */
const priceText = (price: number | undefined): string | null => (price === undefined ? null : String(price))

function shared(observation: Observation): JsonObject {
  const { id, traceId, parentObservationId, type, name, startTime, endTime, level } = observation
  return {
    id,
    traceId,
    projectId: 'test-project',
    parentObservationId,
    type,
    name,
    startTime,
    endTime,
    completionStartTime: observation.completionStartTime,
    level,
    input: observation.input,
    output: observation.output,
    createdAt: now(),
    updatedAt: now(),
    latency: secondsOf(observation, endTime),
    timeToFirstToken: secondsOf(observation, observation.completionStartTime),
  }
}

function secondsOf({ startTime }: Observation, until: string | null): number | null {
  return until === null ? null : (Date.parse(until) - Date.parse(startTime)) / 1000
}

function emptyAsNull(metadata: JsonObject): Json {
  return Object.keys(metadata).length === 0 ? null : metadata
}
