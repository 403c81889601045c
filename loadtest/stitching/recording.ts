import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json, JsonObject } from '../../shared/json.ts'

export type Api = 'chat' | 'responses' | 'messages' | 'compact'

export type RecordedCall = {
  readonly api: Api
  readonly request: JsonObject
  readonly status: number
  readonly response?: JsonObject
  /** A stream, as it was sent. */
  readonly sse?: string
}

/** Calls of one test of a public project, in the order in which they were recorded: nearly always one run. */
export type Recording = { readonly file: string; readonly calls: readonly RecordedCall[] }

/**
 * Reads recordings: `{source: {repo, commit, path, licence}, calls: [...]}`, one to a file.
 * @throws Error where the folder cannot be read
 */
export function readRecordings(folder: string): readonly Recording[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return files.sort().map((file) => {
    const { calls } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Pick<Recording, 'calls'>
    return { file, calls }
  })
}

/**
 * Some recordings are copies of others, or were taken of the same calls: their ids are the same, and nobody can tell
 * whose call a later one follows.
 * @returns the first of each group
 */
export function withoutCopies(recordings: readonly Recording[]): readonly Recording[] {
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
