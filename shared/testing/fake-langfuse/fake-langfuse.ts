import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ServerState } from './api.ts'
import type { Keys } from './auth.ts'
import { createExchanges, type ReceivedRequest } from './exchanges.ts'
import { createFaults, type Fault } from './faults.ts'
import { createFakeMedia, type StoredMedium } from './media.ts'
import { type Mode, servers } from './modes.ts'
import type { Observation, Trace } from './observation.ts'
import { createRefusals } from './refusals.ts'
import { createStore, type Loss } from './store.ts'
import { type TracePage, tracePages } from './trace-page.ts'

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
  /** Media that were uploaded, and confirmed. */
  media(): readonly StoredMedium[]
  /** Applies to the next requests of the media API and of its bucket. */
  failNextMedia(fault: Fault, times?: number, method?: 'POST' | 'PUT' | 'PATCH'): void
  answerMediaAfter(ms: number): void
  /** As servers before it was there. */
  removeMediaApi(): void
  /** Applies to the next deliveries, not to health checks and reads. */
  failNext(fault: Fault, times?: number): void
  /** Refuses records whose JSON has this text: events of the ingestion API, whole requests over OTLP. */
  refuseContaining(text: string, status: number, times?: number): void
  /** From now on a reverse proxy before the server refuses larger bodies. */
  limitBodies(bytes: number): void
  /** From now on everything is processed at once, and answered after that time: deliveries and health checks. */
  answerAfter(ms: number): void
  /** Applies to the next reads of observations. */
  failNextRead(fault: Fault, times?: number): void
  /** From now on what is written can be read that much later. */
  showAfter(ms: number): void
  /** Drops the faults that have not happened yet. */
  clearFaults(): void
  /** Changes the version of the running server. */
  upgradeTo(mode: Mode): void
  setKeys(keys: Keys): void
  close(): Promise<void>
}

/** A real HTTP server on a free port that responds, and silently loses data, as the recorded servers do. */
export async function startFakeLangfuse(mode: Mode = 'v4'): Promise<FakeLangfuse> {
  const state: ServerState = {
    mode,
    keys: { publicKey: 'pk-lf-test', secretKey: 'sk-lf-test' },
    hasMediaApi: true,
    maxBodyBytes: Number.POSITIVE_INFINITY,
  }
  const store = createStore(() => servers[state.mode])
  const faults = createFaults()
  const media = createFakeMedia(() => `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const refusals = createRefusals()
  const exchanges = createExchanges(state, store, media, faults, refusals)

  const server = createServer((request, response) => {
    void exchanges.handle(request, response).catch(() => response.destroy())
  })

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
    requests: () => exchanges.requests,
    media: media.stored,
    failNextMedia: (fault, times = 1, method = undefined) => faults.addToMedia(fault, times, method),
    answerMediaAfter: exchanges.answerMediaAfter,
    removeMediaApi: () => {
      state.hasMediaApi = false
    },
    failNext: (fault, times = 1) => faults.add(fault, times),
    refuseContaining: refusals.add,
    limitBodies: (bytes) => {
      state.maxBodyBytes = bytes
    },
    answerAfter: exchanges.answerAfter,
    failNextRead: (fault, times = 1) => faults.addToReads(fault, times),
    showAfter: store.setReadLag,
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
