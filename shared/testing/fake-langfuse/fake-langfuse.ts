import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { type ApiRequest, respond, type ServerState } from './api.ts'
import type { Keys } from './auth.ts'
import { createFaults, type Fault } from './faults.ts'
import { type Mode, servers } from './modes.ts'
import type { Observation, Trace } from './observation.ts'
import type { FakeResponse } from './responses.ts'
import { createStore, type Loss } from './store.ts'
import { type TracePage, tracePages } from './trace-page.ts'

export type ReceivedRequest = ApiRequest & {
  readonly path: string
  /** Absent without a response. */
  readonly status?: number
}

export type FakeLangfuse = {
  readonly baseUrl: string
  readonly keys: Keys
  observations(): readonly Observation[]
  /** Every row ever written, including duplicates. */
  rows(): readonly Observation[]
  traces(): readonly Trace[]
  /** What people see of the traces, in the list and on the page. */
  tracePages(): readonly TracePage[]
  /** What got a success response and was not written. */
  losses(): readonly Loss[]
  requests(): readonly ReceivedRequest[]
  /** Applies to the next deliveries, not to health checks and reads. */
  failNext(fault: Fault, times?: number): void
  /** From now on everything is processed at once, and answered after that time: deliveries and health checks. */
  answerAfter(ms: number): void
  /** Drops the faults that have not happened yet. */
  clearFaults(): void
  /** Changes the version of the running server. */
  upgradeTo(mode: Mode): void
  setKeys(keys: Keys): void
  close(): Promise<void>
}

/** A real HTTP server on a free port that responds, and silently loses data, as the recorded servers do. */
export async function startFakeLangfuse(mode: Mode = 'v4'): Promise<FakeLangfuse> {
  const state: ServerState = { mode, keys: { publicKey: 'pk-lf-test', secretKey: 'sk-lf-test' } }
  const store = createStore(() => servers[state.mode])
  const faults = createFaults()
  const requests: ReceivedRequest[] = []

  const server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy())
  })

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

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    get keys() {
      return state.keys
    },
    observations: store.observations,
    rows: store.rows,
    traces: store.traces,
    tracePages: () => tracePages(servers[state.mode], store.traces(), store.observations(), store.rows()),
    losses: () => store.losses,
    requests: () => requests,
    failNext: (fault, times = 1) => faults.add(fault, times),
    answerAfter: (ms) => {
      delayMs = ms
    },
    clearFaults: faults.clear,
    upgradeTo: (next) => {
      state.mode = next
    },
    setKeys: (keys) => {
      state.keys = keys
    },
    close: () => close(server),
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
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
