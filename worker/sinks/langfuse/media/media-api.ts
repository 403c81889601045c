import { type Dispatcher, request } from 'undici'
import { reasonOf } from '../../../../shared/error-cause.ts'
import { isJsonObject, parseJson } from '../../../../shared/json.ts'
import type { Medium } from '../../../../shared/record/media.ts'
import type { TraceIds } from '../../../../shared/record/record.ts'
import { bodyExcerpt } from '../../body-excerpt.ts'
import { parseRetryAfter } from '../../http-verdict.ts'

/** Why a medium did not reach the server. */
export type MediaFailure = {
  /**
   * `refused`: this medium, for good; `unsupported`: the server has no media API; `unreachable`: the server is down, for
   * records as well; `unavailable`: its media API or its bucket may take it later.
   */
  readonly kind: 'refused' | 'unsupported' | 'unreachable' | 'unavailable'
  readonly reason: string
  readonly retryAfterMs?: number
}

export class MediaNotTaken extends Error {
  override readonly name = 'MediaNotTaken'
  readonly failure: MediaFailure

  constructor(failure: MediaFailure) {
    super(failure.reason)
    this.failure = failure
  }
}

/** Where to upload a medium; without a URL the project has the bytes already. */
export type UploadTicket = { readonly mediaId: string; readonly uploadUrl: string | undefined }

/**
 * Langfuse's media API (https://api.reference.langfuse.com, Media): the three requests that an upload takes.
 * Each rejects with MediaNotTaken, or with what the signal aborted it with.
 */
export type MediaApi = {
  /** Links the medium with the observation, which need not exist yet. */
  requestUpload(medium: Medium, trace: TraceIds, signal: AbortSignal): Promise<UploadTicket>
  /** To the bucket. @returns its status, which the server wants to know */
  put(url: string, medium: Medium, bytes: Buffer, signal: AbortSignal): Promise<number>
  /** Without this the medium does not exist for readers. */
  confirm(mediaId: string, upload: { status: number; timeMs: number }, signal: AbortSignal): Promise<void>
}

export type MediaApiTarget = {
  readonly baseUrl: string
  readonly authorization: string
  /** Wall clock, ms. */
  readonly now: () => number
  readonly dispatcher?: Dispatcher
}

export function createMediaApi({ baseUrl, authorization, now, dispatcher }: MediaApiTarget): MediaApi {
  const using = dispatcher === undefined ? {} : { dispatcher }

  async function call(method: 'POST' | 'PATCH', path: string, body: object, signal: AbortSignal) {
    const sent = request(`${baseUrl}/api/public/media${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
      ...using,
    })
    const { statusCode: status, headers, body: response } = await reached(sent, signal)
    const text = await response.text()
    if (status >= 200 && status < 300) return parseJson(text)
    throw new MediaNotTaken(
      failureOf(status, text, parseRetryAfter([headers['retry-after']].flat()[0], now())),
    )
  }

  return {
    async requestUpload({ field, mediaType, bytes, sha256 }, { traceId, spanId }, signal) {
      const hash = { sha256Hash: base64Of(sha256), contentLength: bytes, contentType: mediaType }
      const ticket = await call('POST', '', { traceId, observationId: spanId, field, ...hash }, signal)
      const { mediaId, uploadUrl } = isJsonObject(ticket) ? ticket : {}
      if (typeof mediaId !== 'string') throw new MediaNotTaken(noTicket)
      return { mediaId, uploadUrl: typeof uploadUrl === 'string' ? uploadUrl : undefined }
    },

    async put(url, { mediaType, sha256 }, bytes, signal) {
      const { statusCode, body } = await request(url, {
        method: 'PUT',
        headers: { 'content-type': mediaType, ...bucketHeaders(url, base64Of(sha256)) },
        body: bytes,
        signal,
        ...using,
      })
      await body.dump()
      return statusCode
    },

    async confirm(mediaId, { status, timeMs }, signal) {
      const uploadedAt = new Date(now()).toISOString()
      const body = { uploadedAt, uploadHttpStatus: status, uploadTimeMs: Math.round(timeMs) }
      await call('PATCH', `/${encodeURIComponent(mediaId)}`, body, signal)
    },
  }
}

const noTicket: MediaFailure = { kind: 'unsupported', reason: 'the response has no media id' }

/** Signed with the URL; Azure needs the third one, and Google's buckets refuse what is not signed (langfuse-js, MediaManager). */
function bucketHeaders(url: string, hash: string): Record<string, string> {
  if (new URL(url).hostname.endsWith('storage.googleapis.com')) return {}
  return { 'x-amz-checksum-sha256': hash, 'x-ms-blob-type': 'BlockBlob' }
}

const base64Of = (hex: string): string => Buffer.from(hex, 'hex').toString('base64')

async function reached<T>(sent: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await sent
  } catch (cause) {
    if (signal.aborted) throw cause
    throw new MediaNotTaken({ kind: 'unreachable', reason: reasonOf(cause) })
  }
}

/** A server without the API answers with a page, one without a bucket with 500. */
function failureOf(status: number, text: string, retryAfterMs: number | undefined): MediaFailure {
  const reason = `HTTP ${status}: ${bodyExcerpt(text)}`
  if (status === 404 || status === 405 || status === 501) return { kind: 'unsupported', reason }
  if (status === 502 || status === 503) return { kind: 'unreachable', reason }
  const isRefused = status === 400 || status === 413 || status === 415 || status === 422
  if (isRefused) return { kind: 'refused', reason }
  return { kind: 'unavailable', reason, ...(retryAfterMs !== undefined && { retryAfterMs }) }
}
