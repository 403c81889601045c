import type { Dispatcher } from 'undici'
import type { MediaSource } from '../../../../shared/queue/media-source.ts'
import type { Clock } from '../../../../shared/timing/clock.ts'
import type { Prepare } from '../../sink.ts'
import { createMediaApi, type MediaFailure } from './media-api.ts'
import { createMediaPause } from './media-pause.ts'
import { createMediaUploads, type UploadOutcome } from './media-uploads.ts'
import { prepareMedia } from './prepare-media.ts'
import { createSlots } from './slots.ts'

/** The media of records, on their way to Langfuse. */
export type LangfuseMedia = {
  readonly source: MediaSource
  /** MEDIA_TIMEOUT */
  readonly timeoutMs: number
  /** @param failure why, where it failed */
  readonly onOutcome: (outcome: UploadOutcome, failure?: MediaFailure) => void
}

export type MediaTarget = {
  readonly baseUrl: string
  readonly authorization: string
  readonly clock: Clock
  readonly dispatcher?: Dispatcher
}

/** Each upload has a whole medium in memory. */
const uploadsAtOnce = 4
/** Hashes, no bytes. */
const maxWaiting = 1_000

/** Wires what uploads the media of a batch before it is sent. */
export function mediaPreparation(target: MediaTarget, media: LangfuseMedia): Prepare {
  const { baseUrl, authorization, clock, dispatcher } = target
  const { source, timeoutMs, onOutcome } = media
  const pause = createMediaPause(clock.monotonic)
  const api = createMediaApi({ baseUrl, authorization, now: clock.now, ...(dispatcher && { dispatcher }) })
  const slots = createSlots(uploadsAtOnce, maxWaiting)
  const uploads = createMediaUploads({ api, source, pause, slots, onOutcome })
  return prepareMedia({ uploads, waitMs: timeoutMs, onOutcome, onTimeout: () => pause.failed('timed_out') })
}
