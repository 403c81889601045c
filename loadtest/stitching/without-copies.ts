import type { Json } from '../../shared/json.ts'
import type { RecordedCall, RecordedRun } from '../../shared/recordings/recorded-runs.ts'

/**
 * Some recordings are copies of others, or were taken of the same calls: their ids are the same, and nobody can tell
 * whose call a later one follows.
 * @returns the first of each group
 */
export function withoutCopies(recordings: readonly RecordedRun[]): readonly RecordedRun[] {
  const seen = new Set<string>()
  return recordings.filter(({ calls }) => {
    const ids = calls.flatMap(producedIds)
    const isCopy = ids.some((id) => seen.has(id))
    for (const id of ids) seen.add(id)
    return !isCopy
  })
}

/** Ids that answers gave: of responses, and of tool calls. Shorter ones are no more than numbers. */
function producedIds({ response, sse, request }: RecordedCall): readonly string[] {
  const text = sse ?? JSON.stringify(response ?? null)
  const ids = [...text.matchAll(/"(?:id|call_id)":\s*"((?:chatcmpl|resp|msg|call|toolu|fc)[^"]{8,})"/g)]
  const conversation = request.conversation as Json | undefined
  return [...ids.map(([, id]) => id ?? ''), ...(typeof conversation === 'string' ? [conversation] : [])]
}
