import type { Json } from '../../../../shared/json.ts'
import { hashInNote } from '../../../../shared/record/media.ts'
import type { Output } from '../../../../shared/record/output.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import { mapStrings } from '../../well-formed-text.ts'

/** What Langfuse draws in the place of a medium that it has. */
export const mediaReference = (mediaType: string, mediaId: string): string =>
  `@@@langfuseMedia:type=${mediaType}|id=${mediaId}|source=base64_data_uri@@@`

/**
 * Notes inside longer texts stay notes: Langfuse draws no reference there, and shows the medium under the chat.
 * @param references by hash
 * @returns the record with references in the place of the notes of these media
 */
export function withReferences(
  record: InferenceRecord,
  references: ReadonlyMap<string, string>,
): InferenceRecord {
  if (references.size === 0) return record
  const replaced = (text: string): string => references.get(hashInNote(text) ?? '') ?? text
  const { input, output } = record
  return {
    ...record,
    ...(input !== undefined && { input: mapStrings(input, replaced) }),
    ...(output !== undefined && {
      output: mapStrings(output as unknown as Json, replaced) as unknown as Output,
    }),
  }
}
