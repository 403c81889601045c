import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import type { Json } from '../../json.ts'
import { type Answer, answer, pageNotFound, tooLarge } from './answers.ts'
import { accessOf, type Keys } from './auth.ts'
import { answerIngestion, type TakenEvent } from './ingestion-endpoint.ts'
import { toObservation, toTrace } from './ingestion-processing.ts'
import { type Mode, servers } from './modes.ts'
import type { Observation, Trace } from './observation.ts'
import { answerOtlp } from './otlp-endpoint.ts'
import { hasLoneSurrogate, processOtlp } from './otlp-processing.ts'
import { answerRead } from './reads.ts'
import { createStore, type Loss } from './store.ts'

/** What to do to the next deliveries instead of answering them well. */
export type Fault =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: Json
    }
  /** The connection breaks before the request is looked at. */
  | { readonly kind: 'reset' }
  /** The request is worked off, but its sender never learns of it. */
  | { readonly kind: 'taken_then_reset' }
  /** No answer, ever. */
  | { readonly kind: 'silence' }

export type SeenRequest = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
  /** Absent where no answer was given. */
  readonly status?: number
}

export type FakeLangfuse = {
  readonly baseUrl: string
  readonly keys: Keys
  observations(): readonly Observation[]
  /** Every row ever written, duplicates and all. */
  rows(): readonly Observation[]
  traces(): readonly Trace[]
  /** What was answered with success and is not there. */
  losses(): readonly Loss[]
  requests(): readonly SeenRequest[]
  /** Applies to the next deliveries, not to health checks and reads. */
  failNext(fault: Fault, times?: number): void
  /** Forgets the faults that have not happened yet. */
  mend(): void
  /** Becomes another version, or takes other keys, as a server that is upgraded or set up anew. */
  become(mode: Mode): void
  setKeys(keys: Keys): void
  close(): Promise<void>
}

const maxIngestionBytes = 4.5 * 1024 * 1024

/** A real HTTP server on a free port that answers, and silently loses, as the recorded servers do. */
export async function startFakeLangfuse(first: Mode = 'v4'): Promise<FakeLangfuse> {
  let mode = first
  let keys: Keys = { publicKey: 'pk-lf-test', secretKey: 'sk-lf-test' }
  const store = createStore(() => servers[mode])
  const faults: Fault[] = []
  const seen: SeenRequest[] = []

  const server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy())
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await textOf(request)
    const url = new URL(request.url ?? '/', 'http://fake')
    const headers = request.headers as SeenRequest['headers']
    const note = { method: request.method ?? '', path: url.pathname, headers, text }
    const fault = isDelivery(url) ? faults.shift() : undefined
    if (fault?.kind === 'silence') return void seen.push(note)
    if (fault?.kind === 'reset' || fault?.kind === 'taken_then_reset') {
      if (fault.kind === 'taken_then_reset') answerTo(url, note)
      seen.push(note)
      return void request.socket.destroy()
    }
    const given = fault === undefined ? answerTo(url, note) : answerOfFault(fault)
    seen.push({ ...note, status: given.status })
    send(response, given)
  }

  function answerTo(url: URL, { method, headers, text }: SeenRequest): Answer {
    const server = servers[mode]
    if (url.pathname === '/api/public/health') return answer(200, { status: 'OK', version: server.version })
    if (url.pathname === '/api/public/ready') return answer(200, { status: 'OK' })
    const otlp = url.pathname === '/api/public/otel/v1/traces'
    if (otlp && !server.takesOtlp) return pageNotFound
    const access = accessOf(headers.authorization, keys, otlp || mode === 'v4')
    if (typeof access === 'object') return access
    if (method === 'GET') return answerRead(url, mode, store)
    if (otlp) return takeSpans(headers, text)
    if (url.pathname !== '/api/public/ingestion') return pageNotFound
    if (Buffer.byteLength(text) > maxIngestionBytes) return tooLarge
    const { answer: verdicts, taken } = answerIngestion(text, mode, access)
    takeEvents(taken)
    return verdicts
  }

  function takeSpans(headers: SeenRequest['headers'], text: string): Answer {
    const { answer: given, resourceSpans } = answerOtlp({ headers, text, publicKey: keys.publicKey })
    if (resourceSpans === undefined) return given
    const processed = processOtlp(resourceSpans)
    if ('loss' in processed) {
      store.addLoss(processed.loss)
      return given
    }
    for (const observation of processed.observations) {
      store.addRow(observation)
      const { traceId: id, startTime: timestamp, environment, metadata, trace, isRoot, name } = observation
      store.mergeTrace({
        ...trace,
        id,
        timestamp,
        environment,
        metadata,
        name: trace.name ?? (isRoot ? name : null),
      })
    }
    return given
  }

  function takeEvents(taken: readonly TakenEvent[]): void {
    if (servers[mode].database === 'clickhouse' && hasLoneSurrogate(taken.map(({ body }) => body))) {
      store.addLoss({ reason: 'lone surrogate', spans: taken.length })
      return
    }
    for (const event of taken) {
      if (event.type === 'trace-create') store.mergeTrace(toTrace(event.body))
      else if (/-(?:create|update)$/.test(event.type) && event.type !== 'score-create') {
        store.addRow(
          toObservation(
            event,
            store.observations().find(({ id }) => id === event.body.id),
          ),
        )
      }
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    get keys() {
      return keys
    },
    observations: store.observations,
    rows: store.rows,
    traces: store.traces,
    losses: () => store.losses,
    requests: () => seen,
    failNext: (fault, times = 1) => void faults.push(...Array<Fault>(times).fill(fault)),
    mend: () => {
      faults.length = 0
    },
    become: (next) => {
      mode = next
    },
    setKeys: (next) => {
      keys = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const isDelivery = ({ pathname }: URL): boolean => /\/(?:otel\/v1\/traces|ingestion)$/.test(pathname)

function answerOfFault({ status, headers, body }: Fault & { kind: 'answer' }): Answer {
  return { status, ...(headers === undefined ? {} : { headers }), body: body ?? '' }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString()
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const isText = typeof body === 'string'
  response.writeHead(status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
    ...headers,
  })
  response.end(isText ? body : JSON.stringify(body))
}
