import type { JsonObject } from '../../shared/json.ts'
import { truncate } from '../observe/capture/truncate.ts'

/** As much as a record carries; OpenAI itself takes 16 keys of 512 characters. */
export const metadataMaxBytes = 65_536

/** @returns the metadata, cut where it is over the limit; each cut says how much is missing */
export function boundedMetadata(metadata: JsonObject): {
  readonly metadata: JsonObject
  readonly metadataCut?: true
} {
  if (isSmall(metadata) || bytesOf(metadata) <= metadataMaxBytes) return { metadata }
  return { metadata: truncate(metadata, metadataMaxBytes) as JsonObject, metadataCut: true }
}

/** What is nested too deeply to be written is over every limit. */
function bytesOf(metadata: JsonObject): number {
  try {
    return Buffer.byteLength(JSON.stringify(metadata))
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** Nearly all metadata is a few short texts, which need not be written out to be measured. */
function isSmall(metadata: JsonObject): boolean {
  const entries = Object.entries(metadata)
  return entries.length < 50 && entries.every(([key, value]) => key.length < 200 && isShort(value))
}

const isShort = (value: unknown): boolean =>
  typeof value === 'string' ? value.length < 200 : typeof value !== 'object' || value === null
