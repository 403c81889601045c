import type { Medium } from '../../../../shared/record/media.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import { untilAborted } from '../../../../shared/timing/abort.ts'
import type { Prepare } from '../../sink.ts'
import type { MediaUploads, UploadOutcome } from './media-uploads.ts'
import { mediaReference, withReferences } from './references.ts'

export type PrepareMediaOptions = {
  readonly uploads: MediaUploads
  /** MEDIA_TIMEOUT: how long a batch waits for its media. */
  readonly waitMs: number
  /** Called for each medium that a record did not wait for. */
  readonly onOutcome: (outcome: UploadOutcome) => void
  /** The wait for some media has ended without them. */
  readonly onTimeout: () => void
}

/**
 * Uploads the media of a batch before it is sent, because a reference to what is not there shows nothing. A medium that is
 * not there in time stays its note, and the record is sent all the same.
 */
export function prepareMedia({ uploads, waitMs, onOutcome, onTimeout }: PrepareMediaOptions): Prepare {
  /** With all of their media: a record that is sent again is not linked again. */
  const complete = new WeakMap<InferenceRecord, InferenceRecord>()

  return async (batch, signal) => {
    const waiting = batch.flatMap((record) =>
      complete.has(record) ? [] : (record.media ?? []).map((medium) => placing(record, medium, uploads)),
    )
    if (waiting.length > 0) {
      const timeout = AbortSignal.timeout(waitMs)
      const all = Promise.all(waiting.map(({ placed }) => placed))
      await Promise.race([all, untilAborted(timeout, signal)])
      const late = waiting.filter(({ isSettled }) => !isSettled())
      for (const _ of late) onOutcome('timed_out')
      if (late.length > 0 && !signal.aborted) onTimeout()
    }
    return batch.map((record) => {
      const known = complete.get(record)
      if (known !== undefined || record.media === undefined) return known ?? record
      const own = waiting.filter((placing) => placing.record === record)
      const references = new Map(
        own.map(({ reference }) => reference()).filter((placed) => placed !== undefined),
      )
      const prepared = withReferences(record, references)
      if (references.size === own.length) complete.set(record, prepared)
      return prepared
    })
  }
}

type Placing = {
  readonly record: InferenceRecord
  readonly placed: Promise<void>
  isSettled(): boolean
  /** By its hash; undefined where Langfuse does not have the medium, or not yet. */
  reference(): readonly [sha256: string, reference: string] | undefined
}

function placing(record: InferenceRecord, medium: Medium, uploads: MediaUploads): Placing {
  let isSettled = false
  let reference: readonly [string, string] | undefined
  const placed = uploads.upload(medium, record.trace).then((mediaId) => {
    isSettled = true
    if (mediaId !== undefined) reference = [medium.sha256, mediaReference(medium.mediaType, mediaId)]
  })
  return { record, placed, isSettled: () => isSettled, reference: () => reference }
}
