import type { Config } from '../../shared/config/load.ts'
import { removeMediaFiles } from '../media/media-files.ts'
import { type MediaSpool, openMediaSpool } from '../media/media-spool.ts'
import type { Spool } from '../spool/spool.ts'
import type { RecorderEvents } from './recorder-events.ts'

/**
 * Opens the place for the bytes of media.
 * @param spool that shares its limit; asked once calls go by
 * @returns undefined where none are kept; what an earlier process kept is removed then
 */
export async function openMedia(
  { dataDir: dir, spoolMaxBytes: maxBytes }: Config,
  keepsMedia: boolean,
  events: Pick<RecorderEvents, 'mediumCaptured'>,
  spool: () => Spool,
): Promise<MediaSpool | undefined> {
  if (keepsMedia) {
    const recordBytes = (): number => spool().size().bytes
    return openMediaSpool({ dir, maxBytes, recordBytes, onMedia: events.mediumCaptured })
  }
  await removeMediaFiles(dir)
  return undefined
}

/** What may not be recorded, or not before it was redacted, must not be uploaded: a picture cannot be redacted. */
export function mayKeepMedia({ captureMedia, captureContent, redact }: Config): boolean {
  const isRedacted = redact.sets.length + redact.patterns.length > 0
  return captureMedia === 'upload' && captureContent === 'full' && !isRedacted
}

/** A disk that fails may be full, and records come before media. */
export function freeingDisk(events: RecorderEvents, media: MediaSpool | undefined): RecorderEvents {
  if (media === undefined) return events
  return {
    ...events,
    spoolFailed(...failure) {
      media.evict(Number.POSITIVE_INFINITY)
      events.spoolFailed(...failure)
    },
  }
}
