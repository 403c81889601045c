import { isJsonObject, type Json, type JsonObject, parseJson } from '../../json.ts'
import type { ApiRequest } from './api.ts'
import { listOf } from './otlp-endpoint.ts'
import { type FakeResponse, jsonResponse } from './responses.ts'

/** Records that the server refuses by their content, as it refuses what its schema does not know. */
export type Refusals = {
  /** @param times how many events or requests are refused; by default all */
  add(text: string, status: number, times?: number): void
  /** The ingestion API refuses single events, OTLP the whole request. */
  respond(pathname: string, request: ApiRequest, respond: (request: ApiRequest) => FakeResponse): FakeResponse
}

type Refusal = { readonly text: string; readonly status: number; left: number }

export function createRefusals(): Refusals {
  const refusals: Refusal[] = []

  function refusalOf(content: string): Refusal | undefined {
    const found = refusals.find(({ text, left }) => left > 0 && content.includes(text))
    if (found !== undefined) found.left--
    return found
  }

  function respondToBatch(
    request: ApiRequest,
    batch: readonly Json[],
    respond: (request: ApiRequest) => FakeResponse,
  ): FakeResponse {
    const verdicts = batch.map((event) => ({ event, refusal: refusalOf(JSON.stringify(event)) }))
    const passed = verdicts.filter(({ refusal }) => refusal === undefined).map(({ event }) => event)
    const response = respond({ ...request, text: JSON.stringify({ batch: passed }) })
    if (response.status !== 207 || !isJsonObject(response.body)) return response
    const errors = verdicts.flatMap(({ event, refusal }) =>
      refusal === undefined ? [] : [errorOf(event, refusal)],
    )
    return { ...response, body: { ...response.body, errors: [...listOf(response.body.errors), ...errors] } }
  }

  return {
    add: (text, status, times = Number.POSITIVE_INFINITY) =>
      void refusals.push({ text, status, left: times }),
    respond(pathname, request, respond) {
      if (pathname.endsWith('/otel/v1/traces')) {
        const refusal = refusalOf(request.text)
        return refusal === undefined ? respond(request) : jsonResponse(refusal.status, { error: 'refused' })
      }
      const body = pathname.endsWith('/ingestion') ? parseJson(request.text) : undefined
      const batch = isJsonObject(body) ? body.batch : undefined
      return Array.isArray(batch)
        ? respondToBatch(request, batch as readonly Json[], respond)
        : respond(request)
    },
  }
}

function errorOf(event: Json, { status }: Refusal): JsonObject {
  const id = isJsonObject(event) ? (event.id ?? 'unknown') : 'unknown'
  return {
    id,
    status,
    message: status >= 500 ? 'Internal Server Error' : 'Invalid request data',
    error: 'refused',
  }
}
