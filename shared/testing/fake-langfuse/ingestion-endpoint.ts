import { isJsonObject, type Json, type JsonObject, parseJson } from '../../json.ts'
import { type Answer, answer, notAcceptedInVersion4 } from './answers.ts'
import { checkEvent } from './event-schema.ts'
import { type Mode, servers } from './modes.ts'

/** An event that the server took, its body without unknown fields. */
export type TakenEvent = { readonly type: string; readonly body: JsonObject }

export type IngestionAnswer = { readonly answer: Answer; readonly taken: readonly TakenEvent[] }

type Verdict = { readonly taken: TakenEvent } | { readonly error: JsonObject }

/**
 * `POST /api/public/ingestion`: 207 with a verdict for each event; only a batch that is no list is a 400.
 * @param access `scores` for the public key alone, which may send scores and nothing else
 */
export function answerIngestion(text: string, mode: Mode, access: 'project' | 'scores'): IngestionAnswer {
  const body = parseJson(text)
  const batch = isJsonObject(body) ? body.batch : undefined
  if (!Array.isArray(batch)) {
    const received = batch === undefined ? 'Required' : `Expected array, received ${typeof batch}`
    return { answer: answer(400, { message: 'Invalid request data', errors: [received] }), taken: [] }
  }
  const successes: Json[] = []
  const errors: Json[] = []
  const taken: TakenEvent[] = []
  for (const given of batch as readonly Json[]) {
    const event = isJsonObject(given) ? given : {}
    const verdict = judge(event, mode, access)
    if ('error' in verdict) {
      errors.push({ id: event.id ?? 'unknown', ...verdict.error })
    } else {
      successes.push({ id: event.id ?? 'unknown', status: 201 })
      taken.push(verdict.taken)
    }
  }
  return { answer: answer(207, { successes, errors }), taken }
}

function judge(event: JsonObject, mode: Mode, access: 'project' | 'scores'): Verdict {
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
  return { taken: { type, body: checked.body } }
}
