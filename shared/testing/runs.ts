import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { JsonObject } from '../json.ts'

/** A call of a recorded agent run. */
export type RecordedRunCall = {
  /** `<file> <number>` */
  readonly name: string
  readonly api: 'chat' | 'responses' | 'messages' | 'compact'
  readonly request: JsonObject
  readonly status: number
  readonly response?: JsonObject
  /** A stream, as it was sent. */
  readonly sse?: string
}

const folder = process.env.RUNS_DIR ?? fileURLToPath(new URL('../../../shared/runs', import.meta.url))

/** For the name of a skipped test, so that it is not taken for a passed one. */
export const runsMissing = existsSync(folder)
  ? undefined
  : `SKIPPED: no runs at ${folder}; set RUNS_DIR to the folder of recorded agent runs`

/** @returns the calls of each run, in their order; none where the folder is missing */
export function recordedRuns(): readonly (readonly RecordedRunCall[])[] {
  if (runsMissing !== undefined) return []
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return files.sort().map((file) => {
    const { calls } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { calls: RecordedRunCall[] }
    return calls.map((call, at) => ({ ...call, name: `${file} ${at + 1}` }))
  })
}
