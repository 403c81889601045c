import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import type { Mode } from './modes.ts'

type Kind =
  | 'string'
  | 'name'
  | 'time'
  | 'boolean'
  | 'any'
  | 'strings'
  | 'level'
  | 'usage'
  | 'counts'
  | 'costs'
  | 'parameters'

const observation: Readonly<Record<string, Kind>> = {
  id: 'string',
  traceId: 'string',
  name: 'string',
  startTime: 'time',
  endTime: 'time',
  completionStartTime: 'time',
  model: 'string',
  modelParameters: 'parameters',
  input: 'any',
  output: 'any',
  usage: 'usage',
  metadata: 'any',
  level: 'level',
  statusMessage: 'string',
  parentObservationId: 'string',
  promptName: 'string',
  promptVersion: 'any',
  version: 'string',
}

const trace: Readonly<Record<string, Kind>> = {
  id: 'string',
  timestamp: 'time',
  name: 'name',
  externalId: 'string',
  userId: 'string',
  sessionId: 'string',
  input: 'any',
  output: 'any',
  metadata: 'any',
  release: 'string',
  version: 'string',
  public: 'boolean',
  tags: 'strings',
}

// Since 3.3 and 3.31; version 2 strips them like any unknown key.
const newerObservation: typeof observation = {
  usageDetails: 'counts',
  costDetails: 'costs',
  environment: 'string',
}
const newerTrace: typeof trace = { environment: 'string' }

const oldTypes = [
  'trace-create',
  'score-create',
  'event-create',
  'span-create',
  'span-update',
  'generation-create',
  'generation-update',
  'sdk-log',
  'observation-create',
  'observation-update',
]
const newTypes = ['agent', 'tool', 'chain', 'retriever', 'evaluator', 'embedding', 'guardrail'].map(
  (type) => `${type}-create`,
)

/** A validation issue of zod, which the server uses. */
type Issue = {
  readonly code: string
  readonly path: readonly string[]
  readonly message: string
  readonly [key: string]: Json
}

/** @returns the event's body without unknown fields, or the issues as the server reports them */
export function checkEvent(event: JsonObject, mode: Mode): { body: JsonObject } | { issues: string } {
  const known = mode === 'v2' ? oldTypes : [...oldTypes, ...newTypes]
  const { type } = event
  if (typeof type !== 'string' || !known.includes(type)) return { issues: issuesText([wrongType(known)]) }
  const fields = fieldsOf(type, mode)
  const body = isJsonObject(event.body) ? event.body : {}
  const issues = [
    ...checkField('timestamp', 'time', event.timestamp, ['timestamp']),
    ...Object.entries(fields).flatMap(([key, kind]) => checkField(key, kind, body[key], ['body', key])),
  ]
  if (issues.length > 0) return { issues: issuesText(issues) }
  return { body: Object.fromEntries(Object.entries(body).filter(([key]) => key in fields)) }
}

function fieldsOf(type: string, mode: Mode): Readonly<Record<string, Kind>> {
  if (type === 'trace-create') return mode === 'v2' ? trace : { ...trace, ...newerTrace }
  return mode === 'v2' ? observation : { ...observation, ...newerObservation }
}

const issuesText = (issues: readonly Issue[]): string => JSON.stringify(issues, null, 2)

function wrongType(options: readonly string[]): Issue {
  const listed = options.map((option) => `'${option}'`).join(' | ')
  return {
    code: 'invalid_union_discriminator',
    options,
    path: ['type'],
    message: `Invalid discriminator value. Expected ${listed}`,
  }
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/
const levels = new Set(['DEBUG', 'DEFAULT', 'WARNING', 'ERROR'])

function checkField(
  key: string,
  kind: Kind,
  value: Json | undefined,
  path: readonly string[],
): readonly Issue[] {
  if (value === undefined || value === null) return []
  switch (kind) {
    case 'any':
      return []
    case 'time':
      if (typeof value === 'string' && isoTime.test(value)) return []
      return [{ code: 'invalid_string', validation: 'datetime', message: 'Invalid datetime', path }]
    case 'string':
    case 'name':
      if (typeof value !== 'string') return [wrongKind('string', value, path)]
      if (kind === 'name' && value.length > 1000) return [tooLong(1000, path)]
      return key === 'id' && (value.length > 800 || value.includes('\r')) ? [tooLong(800, path)] : []
    case 'boolean':
      return typeof value === 'boolean' ? [] : [wrongKind('boolean', value, path)]
    case 'strings':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
        ? []
        : [wrongKind('array', value, path)]
    case 'level':
      return levels.has(String(value))
        ? []
        : [wrongKind("'DEBUG' | 'DEFAULT' | 'WARNING' | 'ERROR'", value, path)]
    case 'usage':
      return checkCounts(
        value,
        path,
        (count, field) => field === 'unit' || /Cost$/.test(field) || Number.isInteger(count),
      )
    case 'counts':
      return checkCounts(value, path, (count) => Number.isInteger(count) && Number(count) >= 0)
    case 'costs':
      return checkCounts(value, path, (cost) => typeof cost === 'number' && cost >= 0)
    case 'parameters':
      return checkCounts(
        value,
        path,
        (parameter) => typeof parameter !== 'object' || parameter === null || Array.isArray(parameter),
      )
  }
}

function checkCounts(
  value: Json,
  path: readonly string[],
  allowed: (item: Json | undefined, field: string) => boolean,
): readonly Issue[] {
  if (!isJsonObject(value)) return [wrongKind('object', value, path)]
  return Object.entries(value).flatMap(([field, item]) =>
    item === undefined || item === null || allowed(item, field)
      ? []
      : [{ code: 'invalid_union', message: 'Invalid input', path: [...path, field] }],
  )
}

function wrongKind(expected: string, value: Json, path: readonly string[]): Issue {
  const received = Array.isArray(value) ? 'array' : typeof value
  return {
    code: 'invalid_type',
    expected,
    received,
    path,
    message: `Expected ${expected}, received ${received}`,
  }
}

function tooLong(maximum: number, path: readonly string[]): Issue {
  const message = `String must contain at most ${maximum} character(s)`
  return { code: 'too_big', maximum, type: 'string', inclusive: true, exact: false, message, path }
}
