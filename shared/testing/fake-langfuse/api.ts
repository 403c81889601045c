import { accessOf, type Keys } from './auth.ts'
import { handleIngestion } from './ingestion-endpoint.ts'
import type { createFakeMedia } from './media.ts'
import { type Mode, servers } from './modes.ts'
import { handleOtlpExport } from './otlp-endpoint.ts'
import { handleRead } from './reads.ts'
import { type FakeResponse, jsonResponse, pageNotFound, tooLarge, tooLargeForProxy } from './responses.ts'
import type { Store } from './store.ts'
import { writeEvents, writeSpans } from './write.ts'

export type ApiRequest = {
  readonly method: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
  readonly bytes: Buffer
}

/** They change when a server is upgraded or set up anew. */
export type ServerState = {
  mode: Mode
  keys: Keys
  hasMediaApi: boolean
  /** Of a reverse proxy before the server; none by default. */
  maxBodyBytes: number
}

export type FakeMedia = ReturnType<typeof createFakeMedia>

const forbidden = jsonResponse(403, { message: 'Forbidden' })

const maxIngestionBytes = 4.5 * 1024 * 1024

/** @returns the response of the API, after what it accepted is in the store */
export function respond(
  url: URL,
  { method, headers, text, bytes }: ApiRequest,
  { mode, keys, hasMediaApi, maxBodyBytes }: Readonly<ServerState>,
  store: Store,
  media: FakeMedia,
): FakeResponse {
  const { version, acceptsOtlp } = servers[mode]
  if (bytes.length > maxBodyBytes) return tooLargeForProxy
  if (url.pathname === '/api/public/health') return jsonResponse(200, { status: 'OK', version })
  if (url.pathname === '/api/public/ready') return jsonResponse(200, { status: 'OK' })
  const mediaRequest = { method, path: url.pathname, headers, bytes }
  if (url.pathname.startsWith('/bucket/') && method === 'PUT') return media.put(mediaRequest)
  const isOtlp = url.pathname === '/api/public/otel/v1/traces'
  if (isOtlp && !acceptsOtlp) return pageNotFound
  const access = accessOf(headers.authorization, keys, isOtlp || mode === 'v4')
  if (typeof access === 'object') return access
  if (/^\/api\/public\/media(\/|$)/.test(url.pathname)) {
    return !hasMediaApi ? pageNotFound : access === 'project' ? media.api(mediaRequest) : forbidden
  }
  if (method === 'GET') return handleRead(url, mode, store)
  if (isOtlp) {
    const { response, resourceSpans } = handleOtlpExport({ headers, text, publicKey: keys.publicKey })
    if (resourceSpans !== undefined) writeSpans(resourceSpans, servers[mode], store)
    return response
  }
  if (url.pathname !== '/api/public/ingestion') return pageNotFound
  if (Buffer.byteLength(text) > maxIngestionBytes) return tooLarge
  const { response, accepted } = handleIngestion(text, mode, access)
  writeEvents(accepted, servers[mode], store)
  return response
}
