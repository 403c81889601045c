import type { Json } from '../../../shared/json.ts'
import type { Fold } from './fold.ts'

/** Sees the events that a fold gets. It must not throw. */
export type EventWatcher = { see(event: Json): void }

export function watchedFold(fold: Fold, watchers: readonly EventWatcher[]): Fold {
  if (watchers.length === 0) return fold
  return {
    add(event) {
      for (const watcher of watchers) watcher.see(event)
      return fold.add(event)
    },
    result: () => fold.result(),
    ...(fold.progress !== undefined && { progress: fold.progress }),
  }
}
