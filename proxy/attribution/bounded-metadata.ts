import type { JsonObject } from '../../shared/json.ts'
import { missingFields } from '../../shared/record/left-out-marks.ts'
import { truncate } from '../observe/capture/truncate.ts'
import { withoutCredentialsInMetadata } from './metadata-credentials.ts'

/** Limit of the metadata in a record; OpenAI itself accepts 16 keys of 512 characters. */
export const metadataMaxBytes = 65_536

/** @returns the metadata without credentials, truncated where it is over the limit; each cut names how much is missing */
export function boundedMetadata(metadata: JsonObject): {
  readonly metadata: JsonObject
  readonly metadataCut?: true
} {
  if (isSmall(metadata) || bytesOf(metadata) <= metadataMaxBytes) {
    const whole = withoutCredentialsInMetadata(truncate(metadata, Number.POSITIVE_INFINITY) as JsonObject)
    // What is too much to parse was cut before.
    return Object.hasOwn(metadata, missingFields)
      ? { metadata: whole, metadataCut: true }
      : { metadata: whole }
  }
  const cut = withoutCredentialsInMetadata(truncate(metadata, metadataMaxBytes) as JsonObject)
  return { metadata: cut, metadataCut: true }
}

/** JSON that is nested too deeply to be serialized is over every limit. */
function bytesOf(metadata: JsonObject): number {
  try {
    return Buffer.byteLength(JSON.stringify(metadata))
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** Nearly all metadata is a few short texts: saves serializing them to measure them. */
function isSmall(metadata: JsonObject): boolean {
  let fields = 0
  for (const key in metadata) {
    fields += 1
    if (fields >= 50 || key.length >= 200 || !isShort(metadata[key])) return false
  }
  return true
}

const isShort = (value: unknown): boolean =>
  typeof value === 'string' ? value.length < 200 : typeof value !== 'object' || value === null
