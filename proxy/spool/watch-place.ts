import { pause } from '../../shared/timing/pause.ts'

export type PlaceWatchOptions = {
  /** False once the folder was deleted, or another one took its place. */
  readonly isInPlace: () => Promise<boolean>
  readonly onGone: () => void
  readonly everyMs: number
  readonly signal: AbortSignal
}

/** LevelDB goes on writing to files that nobody can open any more, so somebody has to look. */
export async function watchPlace({ isInPlace, onGone, everyMs, signal }: PlaceWatchOptions): Promise<void> {
  while (!signal.aborted) {
    await pause(everyMs, signal)
    if (!(await isInPlace())) onGone()
  }
}
