import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { type ApiRequest, respond, type ServerState } from './api.ts'
import type { createFaults, Fault } from './faults.ts'
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
}

/** Requests over HTTP and their responses, or the faults in their place. */
export function createExchanges(
  state: Readonly<ServerState>,
  store: Store,
  faults: Pick<ReturnType<typeof createFaults>, 'next'>,
): Exchanges {
  const requests: ReceivedRequest[] = []
  let delayMs = 0

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake')
    const received = await receive(request, url)
    const fault = faults.next(url)
    switch (fault?.kind) {
      case 'no_response':
        requests.push(received)
        return
      case 'processed_then_reset':
        respond(url, received, state, store)
        requests.push(received)
        request.socket.destroy()
        return
      case 'reset':
        requests.push(received)
        request.socket.destroy()
        return
      default: {
        const result = fault === undefined ? respond(url, received, state, store) : responseOf(fault)
        requests.push({ ...received, status: result.status })
        if (delayMs > 0) await setTimeout(delayMs)
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
  }
}

async function receive(request: IncomingMessage, { pathname }: URL): Promise<ReceivedRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString()
  const headers = request.headers as ReceivedRequest['headers']
  return { method: request.method ?? '', path: pathname, headers, text }
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
