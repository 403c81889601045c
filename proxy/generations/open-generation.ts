import type { InferenceRecord } from '../../shared/record/record.ts'

/** True where the result is to be fetched by a later call. */
export const isOpen = ({ operation, ending, response }: InferenceRecord): boolean =>
  operation === 'responses' && ending === 'running' && response.id !== undefined

/** Far longer than any provider's ids. */
const maxIdLength = 512

/**
 * Names a generation for every process that sees calls of the same upstream.
 * @param url base URL of the upstream, whose ids are unique
 * @returns undefined where there is no id, or none to be remembered
 */
export const generationKey = (url: string | undefined, responseId: string | undefined): string | undefined =>
  url === undefined || responseId === undefined || responseId.length > maxIdLength
    ? undefined
    : `${url} ${responseId}`

/** How long a result may be fetched, and completes its generation. */
export const openMs = 86_400_000

/** Beyond it the input is left out of what is remembered. */
const maxRecordBytes = 1_572_864

/** @returns the record as JSON, for the time until its result is known */
export function encodeOpen(record: InferenceRecord): string {
  const text = JSON.stringify(record)
  if (Buffer.byteLength(text) <= maxRecordBytes) return text
  const { input: _, output: __, ...facts } = record
  return JSON.stringify(facts)
}
