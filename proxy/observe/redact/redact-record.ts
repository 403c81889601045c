import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { CallContext, InferenceRecord, RequestFacts } from '../../../shared/record/record.ts'
import type { Run, ToolSpan } from '../../../shared/record/run.ts'
import { redactPath } from './redact-path.ts'
import type { Redactor } from './redactor.ts'

type TextRedactor = Pick<Redactor, 'text' | 'id'>

/** Fields of a record that hold nothing that anybody said: ids that were made here, numbers, names of models and routes. */
const plainFields: ReadonlySet<string> = new Set([
  'v',
  'id',
  'completedBy',
  'trace',
  'link',
  'operation',
  'method',
  'provider',
  'upstream',
  'response',
  'content',
  'usage',
  'fetched',
  'times',
  'stream',
  'ending',
] satisfies (keyof InferenceRecord)[])

/**
 * Applies REDACT to a finished record, before anything of it is written. Fields that later versions add are redacted. One that
 * takes too long goes without its content, and without any text that somebody chose.
 */
export function redactRecord(record: InferenceRecord, redactor: Redactor): InferenceRecord {
  return redactor.whole(
    () => redactFields(record, redactor),
    (hiding) => redactFields(withoutContent(record), hiding),
  )
}

function withoutContent({ input, output, toolSpans, ...rest }: InferenceRecord): InferenceRecord {
  const spans = toolSpans?.map(({ arguments: _, result, ...span }) => span)
  return { ...rest, ...(spans !== undefined && { toolSpans: spans }), content: 'none' }
}

function redactFields(record: InferenceRecord, redactor: TextRedactor): InferenceRecord {
  const redacted: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(record)) {
    if (!plainFields.has(field) && !(field in redactedApart)) redacted[field] = redactValue(value, redactor)
    else redacted[field] = value
  }
  const { route, request, context, run, toolSpans } = record
  return {
    ...(redacted as InferenceRecord),
    route: redactPath(route, redactor.text),
    request: redactRequest(request, redactor),
    context: redactContext(context, redactor),
    ...(run !== undefined && { run: redactRun(run, redactor) }),
    ...(toolSpans !== undefined && { toolSpans: toolSpans.map((span) => redactToolSpan(span, redactor)) }),
  }
}

/** Fields of which a part must stay as it is. */
const redactedApart = {
  route: true,
  request: true,
  context: true,
  run: true,
  toolSpans: true,
} satisfies Partial<Record<keyof InferenceRecord, true>>

/** Names of models, and ids that were made here; the client's own must stay apart. */
function redactRequest(request: RequestFacts, redactor: TextRedactor): RequestFacts {
  const { model, usageOption, clientId, attemptOf } = request
  return {
    ...(redactValue(request, redactor) as RequestFacts),
    ...omitUndefined({ model, usageOption, attemptOf }),
    ...(clientId !== undefined && { clientId: redactor.id(clientId) }),
  }
}

/** Ids of spans must lead to each other. */
function redactRun(run: Run, redactor: TextRedactor): Run {
  if (run.agent === undefined) return run
  return { ...run, agent: { ...run.agent, name: redactor.text(run.agent.name) } }
}

function redactToolSpan(span: ToolSpan, redactor: TextRedactor): ToolSpan {
  const { arguments: args, result } = span
  return {
    ...span,
    ...(args !== undefined && { arguments: redactParsed(args, redactor) }),
    ...(result !== undefined && { result: redactParsed(result, redactor) }),
  }
}

/** What was text on the wire, or was named by people: names of fields and numbers are redacted too. */
function redactParsed(value: Json, redactor: TextRedactor): Json {
  if (typeof value === 'string') return redactor.text(value)
  if (Array.isArray(value)) return value.map((item: Json) => redactParsed(item, redactor))
  if (isJsonObject(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined) as [string, Json][]
    return Object.fromEntries(
      entries.map(([name, item]) => [redactor.text(name), redactParsed(item, redactor)]),
    )
  }
  const text = String(value)
  const redacted = redactor.text(text)
  return redacted === text ? value : redacted
}

export function redactContext(context: CallContext, redactor: TextRedactor): CallContext {
  const { threadId, sessionId, userId, metadata, sources } = context
  return {
    ...(redactValue(context, redactor) as CallContext),
    metadata: redactParsed(metadata, redactor) as JsonObject,
    ...(threadId !== undefined && { threadId: redactor.id(threadId) }),
    ...(sessionId !== undefined && { sessionId: redactor.id(sessionId) }),
    ...(userId !== undefined && { userId: redactor.id(userId) }),
    ...(sources !== undefined && { sources }),
  }
}

function redactValue(value: unknown, redactor: TextRedactor): unknown {
  if (typeof value === 'string') return redactor.text(value)
  if (Array.isArray(value)) return value.map((item) => redactValue(item, redactor))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactValue(item, redactor)]))
}
