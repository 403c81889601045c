import type { Medium } from '../record/media.ts'
import type { InferenceRecord } from '../record/record.ts'

/** Where the worker gets the bytes of media: they travel beside the records, as long as there is room for them. */
export type MediaSource = {
  /** @returns undefined where they are gone; the record keeps its note then */
  read(sha256: string): Promise<Buffer | undefined>
  /** The sink has these bytes, for all records that name them. */
  stored(medium: Medium): void
  /** These records will not be sent again. */
  settled(records: readonly InferenceRecord[]): void
}
