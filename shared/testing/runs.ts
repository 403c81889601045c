import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type RecordedCall, readRecordedRuns } from '../recordings/recorded-runs.ts'

/** A call of a recorded agent run, by its `<file> <number>`. */
export type NamedCall = RecordedCall & { readonly name: string }

const folder = process.env.RUNS_DIR ?? fileURLToPath(new URL('../../../shared/runs', import.meta.url))

/** For the name of a skipped test, so that it is not taken for a passed one. */
export const runsMissing = existsSync(folder)
  ? undefined
  : `SKIPPED: no runs at ${folder}; set RUNS_DIR to the folder of recorded agent runs`

/** @returns the calls of each run, in their order; none where the folder is missing */
export function recordedRuns(): readonly (readonly NamedCall[])[] {
  if (runsMissing !== undefined) return []
  return readRecordedRuns(folder).map(({ file, calls }) =>
    calls.map((call, at) => ({ ...call, name: `${file} ${at + 1}` })),
  )
}
