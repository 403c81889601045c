import { randomBytes, randomUUID } from 'node:crypto'
import { isJsonObject, type Json, type JsonObject, parseJson } from '../../json.ts'
import { type FakeResponse, jsonResponse } from './responses.ts'

export type OtlpRequest = {
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
  readonly publicKey: string
}

/** `resourceSpans` is what the server's workers get; absent where the request is rejected. */
export type OtlpResult = { readonly response: FakeResponse; readonly resourceSpans?: readonly Json[] }

const rejected = (error: string): OtlpResult => ({ response: jsonResponse(400, { error }) })

/** `POST /api/public/otel/v1/traces` of 4.16.0: 200 means queued, not recorded. */
export function handleOtlpExport({ headers, text, publicKey }: OtlpRequest): OtlpResult {
  const version = headers['x-langfuse-ingestion-version']
  if (version !== undefined && !(Number(version) <= 4)) {
    return rejected(`Unsupported x-langfuse-ingestion-version: "${version}". Maximum supported: "4".`)
  }
  if (!headers['content-type']?.includes('application/json')) return rejected('Invalid content type')
  const body = parseJson(text)
  if (!isJsonObject(body)) return rejected('Failed to parse OTel JSON Trace')
  const resourceSpans = listOf(body.resourceSpans)
  if (resourceSpans.length === 0) return { response: jsonResponse(200, {}) }
  const invalid = invalidityOf(resourceSpans)
  if (invalid !== undefined) return rejected(invalid)
  return { response: jsonResponse(200, job(publicKey, version, headers)), resourceSpans }
}

/** One span without an id makes the whole request invalid. */
function invalidityOf(resourceSpans: readonly Json[]): string | undefined {
  const scopes = resourceSpans.flatMap((resource) => listOf(field(resource, 'scopeSpans')))
  const spans = scopes.flatMap((scope) => listOf(field(scope, 'spans')))
  const withoutIds = spans.filter((span) => !isId(span, 'traceId') || !isId(span, 'spanId'))
  if (withoutIds.length > 0) {
    const missing = ['traceId', 'spanId'].filter((key) => withoutIds.some((span) => !isId(span, key)))
    const names = scopes.map((scope) => field(field(scope, 'scope'), 'name') ?? 'unknown')
    return `Invalid OTLP trace export: ${withoutIds.length} of ${spans.length} span(s) cannot be processed (${missing.map((key) => `${key}:absent`).join(', ')}). traceId and spanId are required on every span, and each must be a string or a byte array. The entire export was rejected and no spans were ingested. Instrumentation scopes: ${[...new Set(names)].join(', ')}. This endpoint accepts OpenTelemetry traces only — if you are exporting OpenTelemetry logs, point your log exporter elsewhere.`
  }
  const notList = spans.filter((span) => !Array.isArray(field(span, 'attributes') ?? []))
  return notList.length > 0 ? 'Invalid OTLP trace export: attributes must be an array' : undefined
}

export function field(value: Json | undefined, key: string): Json | undefined {
  return isJsonObject(value) ? value[key] : undefined
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

function isId(span: Json, key: string): boolean {
  const id = field(span, key)
  return typeof id === 'string' && id !== ''
}

/** The BullMQ job that the real server responds with. */
function job(publicKey: string, version: string | undefined, headers: OtlpRequest['headers']): JsonObject {
  const now = new Date()
  const path = now.toISOString().slice(0, 16).replace(/[-T:]/g, '/')
  return {
    name: 'otel-ingestion-job',
    data: {
      id: randomUUID(),
      timestamp: now.toISOString(),
      name: 'otel-ingestion-job',
      payload: {
        data: { fileKey: `events/otel/test-project/${path}/${randomUUID()}.json`, publicKey },
        authCheck: {
          validKey: true,
          scope: { projectId: 'test-project', accessLevel: 'project', orgId: 'test-org' },
        },
        sdkName: headers['x-langfuse-sdk-name'] ?? 'unknown',
        sdkVersion: headers['x-langfuse-sdk-version'] ?? 'unknown',
        ...(version === undefined ? {} : { ingestionVersion: version }),
      },
    },
    opts: {
      attempts: 6,
      removeOnComplete: true,
      removeOnFail: 100000,
      backoff: { type: 'exponential', delay: 5000 },
      traceparent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`,
      baggage: `langfuse.header.x-langfuse-ingestion-version=${version},langfuse.clickhouse.surface=publicapi,langfuse.clickhouse.route=POST%20%2Fapi%2Fpublic%2Fotel%2Fv1%2Ftraces,langfuse.project.id=test-project,langfuse.api_key.id=fake`,
    },
    id: '1',
    progress: 0,
    returnvalue: null,
    stacktrace: null,
    priority: 0,
    attemptsStarted: 0,
    attemptsMade: 0,
    stalledCounter: 0,
    timestamp: now.getTime(),
    queueQualifiedName: 'bull:otel-ingestion-queue',
  }
}
