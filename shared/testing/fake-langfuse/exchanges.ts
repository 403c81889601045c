import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { type ApiRequest, type FakeMedia, respond, type ServerState } from './api.ts'
import type { createFaults, Fault } from './faults.ts'
import type { Refusals } from './refusals.ts'
import type { FakeResponse } from './responses.ts'
import type { Store } from './store.ts'

export type ReceivedRequest = ApiRequest & {
  readonly path: string
  /** Absent without a response. */
  readonly status?: number
}

export type Exchanges = {
  readonly requests: readonly ReceivedRequest[]
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  answerAfter(ms: number): void
  answerMediaAfter(ms: number): void
}

/** Requests over HTTP and their responses, or the faults in their place. */
export function createExchanges(
  state: Readonly<ServerState>,
  store: Store,
  media: FakeMedia,
  faults: Pick<ReturnType<typeof createFaults>, 'next'>,
  refusals: Refusals,
): Exchanges {
  const requests: ReceivedRequest[] = []
  let delayMs = 0
  let mediaDelayMs = 0

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake')
    const received = await receive(request, url)
    const fault = faults.next(url, request.method)
    switch (fault?.kind) {
      case 'no_response':
        requests.push(received)
        return
      case 'processed_then_reset':
        respond(url, received, state, store, media)
        requests.push(received)
        request.socket.destroy()
        return
      case 'reset':
        requests.push(received)
        request.socket.destroy()
        return
      default: {
        const answer = (request: ApiRequest) => respond(url, request, state, store, media)
        const result =
          fault === undefined ? refusals.respond(url.pathname, received, answer) : responseOf(fault)
        requests.push({ ...received, status: result.status })
        const ms = isMedia(url) ? mediaDelayMs : delayMs
        if (ms > 0) await setTimeout(ms)
        send(response, result)
      }
    }
  }

  return {
    requests,
    handle,
    answerAfter(ms) {
      delayMs = ms
    },
    answerMediaAfter(ms) {
      mediaDelayMs = ms
    },
  }
}

const isMedia = ({ pathname }: URL): boolean => /^\/(bucket|api\/public\/media)(\/|$)/.test(pathname)

async function receive(request: IncomingMessage, { pathname }: URL): Promise<ReceivedRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString()
  const headers = request.headers as ReceivedRequest['headers']
  return { method: request.method ?? '', path: pathname, headers, text, bytes: body }
}

function responseOf({ status, headers, body }: Fault & { kind: 'response' }): FakeResponse {
  return { status, ...(headers === undefined ? {} : { headers }), body: body ?? '' }
}

function send(response: ServerResponse, { status, headers, body }: FakeResponse): void {
  const isText = typeof body === 'string'
  response.writeHead(status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
    ...headers,
  })
  response.end(isText ? body : JSON.stringify(body))
}
