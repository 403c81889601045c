import { reasonOf } from '../../../../shared/error-cause.ts'
import { leastRecentlyUsed } from '../../../../shared/least-recently-used.ts'
import type { MediaSource } from '../../../../shared/queue/media-source.ts'
import type { Medium } from '../../../../shared/record/media.ts'
import type { TraceIds } from '../../../../shared/record/record.ts'
import { pause } from '../../../../shared/timing/pause.ts'
import { type MediaApi, type MediaFailure, MediaNotTaken } from './media-api.ts'
import type { MediaPause } from './media-pause.ts'
import type { Slots } from './slots.ts'

/** What became of a medium of a record. A closed set: it is a label. */
export const uploadOutcomes = [
  'uploaded',
  /** The project had the bytes already. */
  'known',
  /** The bytes were gone before they could be sent. */
  'missing',
  'refused',
  'unsupported',
  'unavailable',
  /** The record did not wait any longer; the upload goes on. */
  'timed_out',
  /** Not tried, because the media API has just failed, or too many are waiting. */
  'skipped',
] as const

export type UploadOutcome = (typeof uploadOutcomes)[number]

export type MediaUploadsParts = {
  readonly api: MediaApi
  readonly source: MediaSource
  readonly pause: MediaPause
  readonly slots: Slots
  /** @param failure why, where it failed */
  readonly onOutcome: (outcome: UploadOutcome, failure?: MediaFailure) => void
  readonly retryDelayMs?: number
}

export type MediaUploads = {
  /** @returns the id under which Langfuse has the medium; undefined where it has not. Never rejects */
  upload(medium: Medium, trace: TraceIds): Promise<string | undefined>
}

/** Media that the server is known to have, so that one that refuses to link them may still be referred to. */
const maxRemembered = 10_000

/** Of one medium, with its retries. */
const uploadTimeoutMs = 60_000
const maxRetries = 2

/** Uploads each medium once, however many records name it; each of them is linked with it. */
export function createMediaUploads(parts: MediaUploadsParts): MediaUploads {
  const { source, slots, onOutcome, retryDelayMs = 500 } = parts
  const stored = leastRecentlyUsed<string>(maxRemembered)
  const uploading = new Map<string, Promise<string | undefined>>()

  async function place(medium: Medium, trace: TraceIds): Promise<string | undefined> {
    const { sha256 } = medium
    if (parts.pause.isPaused()) {
      onOutcome(stored.has(sha256) ? 'known' : 'skipped')
      return stored.get(sha256)
    }
    try {
      const { outcome, mediaId } = await withRetries(
        (signal) => placeOnce(medium, trace, parts, signal),
        retryDelayMs,
      )
      parts.pause.succeeded()
      onOutcome(outcome)
      if (mediaId === undefined) return undefined
      stored.set(sha256, mediaId)
      source.stored(medium)
      return mediaId
    } catch (cause) {
      const failure = failureOf(cause)
      parts.pause.failed(failure)
      onOutcome(failure.kind === 'unreachable' ? 'unavailable' : failure.kind, failure)
      return stored.get(sha256)
    }
  }

  return {
    async upload(medium, trace) {
      const { sha256 } = medium
      const before = uploading.get(sha256)
      // With the bytes on their way only the link is left to do, and without them nothing.
      if (before !== undefined && (await before) === undefined) {
        onOutcome('skipped')
        return undefined
      }
      const placed = slots.run(() => place(medium, trace))
      if (placed === undefined) {
        onOutcome('skipped')
        return stored.get(sha256)
      }
      if (stored.has(sha256)) return placed
      uploading.set(sha256, placed)
      const mediaId = await placed
      if (uploading.get(sha256) === placed) uploading.delete(sha256)
      return mediaId
    },
  }
}

type Placed = { readonly outcome: 'uploaded' | 'known' | 'missing'; readonly mediaId?: string }

/** POST, PUT, PATCH. */
async function placeOnce(
  medium: Medium,
  trace: TraceIds,
  { api, source }: MediaUploadsParts,
  signal: AbortSignal,
): Promise<Placed> {
  const { mediaId, uploadUrl } = await api.requestUpload(medium, trace, signal)
  if (uploadUrl === undefined) return { outcome: 'known', mediaId }
  const bytes = await source.read(medium.sha256)
  if (bytes === undefined) return { outcome: 'missing' }
  const startedAt = performance.now()
  const status = await api.put(uploadUrl, medium, bytes, signal)
  await api.confirm(mediaId, { status, timeMs: performance.now() - startedAt }, signal)
  if (status < 200 || status >= 300) {
    throw new MediaNotTaken({ kind: 'unavailable', reason: `the bucket answered ${status}` })
  }
  return { outcome: 'uploaded', mediaId }
}

async function withRetries<T>(attempt: (signal: AbortSignal) => Promise<T>, delayMs: number): Promise<T> {
  const signal = AbortSignal.timeout(uploadTimeoutMs)
  for (let retries = 0; ; retries++) {
    try {
      return await attempt(signal)
    } catch (cause) {
      const { kind, retryAfterMs } = failureOf(cause)
      const isWorthIt = kind === 'unavailable' && retryAfterMs === undefined && !signal.aborted
      if (!isWorthIt || retries === maxRetries) throw cause
      await pause(delayMs * 2 ** retries, signal)
    }
  }
}

function failureOf(cause: unknown): MediaFailure {
  return cause instanceof MediaNotTaken ? cause.failure : { kind: 'unavailable', reason: reasonOf(cause) }
}
