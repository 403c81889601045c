import type { Outcome } from '../terminal/outcome.ts'
import type { Paint } from '../terminal/palette.ts'

/** What a command takes from the process it runs in. */
export type CliEnvironment = {
  readonly env: NodeJS.ProcessEnv
  /** Columns of the terminal; Infinity when the output is not a terminal. */
  readonly width: number
  readonly paint: Paint
  /** ms since 1970 */
  readonly now: number
  /** Runs a command, prints its outcome and sets the exit code. */
  run(command: () => Promise<Outcome | undefined>): Promise<void>
}
