import { isJsonObject, type Json, type JsonObject, parseJson } from '../../json.ts'
import { checkEvent } from './event-schema.ts'
import { type Mode, servers } from './modes.ts'
import { type FakeResponse, jsonResponse, notAcceptedInVersion4 } from './responses.ts'

/** An event that passed validation, without the unknown fields of its body. */
export type AcceptedEvent = {
  /** Of the envelope: an event with the id of an earlier one takes its place. */
  readonly id: string
  readonly type: string
  /** Of the envelope: later events win, whenever they come. */
  readonly timestamp: string
  readonly body: JsonObject
}

export type IngestionResult = { readonly response: FakeResponse; readonly accepted: readonly AcceptedEvent[] }

type EventResult = { readonly accepted: AcceptedEvent } | { readonly error: JsonObject }

/**
 * `POST /api/public/ingestion`: 207 with a result for each event; only a batch that is not a list is a 400.
 * @param access `scores` for the public key alone, which may send scores and nothing else
 */
export function handleIngestion(text: string, mode: Mode, access: 'project' | 'scores'): IngestionResult {
  const body = parseJson(text)
  const batch = isJsonObject(body) ? body.batch : undefined
  if (!Array.isArray(batch)) {
    const received = batch === undefined ? 'Required' : `Expected array, received ${typeof batch}`
    return {
      response: jsonResponse(400, { message: 'Invalid request data', errors: [received] }),
      accepted: [],
    }
  }
  const successes: Json[] = []
  const errors: Json[] = []
  const accepted: AcceptedEvent[] = []
  for (const item of batch as readonly Json[]) {
    const event = isJsonObject(item) ? item : {}
    const result = validate(event, mode, access)
    if ('error' in result) {
      errors.push({ id: event.id ?? 'unknown', ...result.error })
    } else {
      successes.push({ id: event.id ?? 'unknown', status: 201 })
      accepted.push(result.accepted)
    }
  }
  return { response: jsonResponse(207, { successes, errors }), accepted }
}

function validate(event: JsonObject, mode: Mode, access: 'project' | 'scores'): EventResult {
  const type = String(event.type)
  const isScore = type === 'score-create'
  if (access === 'scores' && !isScore) {
    return { error: { status: 401, message: 'Authentication error', error: 'Access Scope Denied' } }
  }
  if (servers[mode].ingests === 'scores' && !isScore && type !== 'sdk-log') {
    return { error: { status: 400, message: 'Event type not accepted', error: notAcceptedInVersion4(type) } }
  }
  const checked = checkEvent(event, mode)
  if ('issues' in checked) {
    return { error: { status: 400, message: 'Invalid request data', error: checked.issues } }
  }
  // PostgreSQL has no U+0000 in text.
  if (servers[mode].database === 'postgres' && JSON.stringify(checked.body).includes('\\u0000')) {
    return { error: { status: 500, message: 'Internal Server Error', error: 'Internal Server Error' } }
  }
  const { id, timestamp } = event
  return { accepted: { id: String(id), type, timestamp: String(timestamp), body: checked.body } }
}
