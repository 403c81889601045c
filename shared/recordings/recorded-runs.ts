import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '../json.ts'

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
export type RecordedRun = { readonly file: string; readonly calls: readonly RecordedCall[] }

/**
 * Reads recorded agent runs: `{source: {repo, commit, path, licence}, calls: [...]}`, one to a file.
 * @throws Error where the folder cannot be read
 */
export function readRecordedRuns(folder: string): readonly RecordedRun[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return files.sort().map((file) => {
    const { calls } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Pick<RecordedRun, 'calls'>
    return { file, calls }
  })
}
