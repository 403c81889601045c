import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pause } from '../timing/pause.ts'

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

/**
 * @param dir of a LevelDB that is open
 * @returns whether that is still the one that stands there: what is written to it is lost where it is not
 */
export async function placeOf(dir: string): Promise<() => Promise<boolean>> {
  // There for as long as the database is, and never replaced.
  const lock = join(dir, 'LOCK')
  const inode = async (): Promise<number | undefined> => (await stat(lock).catch(() => undefined))?.ino
  const own = await inode()
  return async () => own !== undefined && (await inode()) === own
}
