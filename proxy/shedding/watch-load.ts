import type { Part } from '../../shared/lifecycle.ts'
import type { Load } from './shedding.ts'

const everyMs = 250

/** Looks at the load four times a second: what it costs does not grow with the calls. */
export function watchLoad(read: () => Load, look: (load: Load) => void): Part {
  let timer: NodeJS.Timeout | undefined
  return {
    name: 'load watch',
    start() {
      timer = setInterval(() => look(read()), everyMs).unref()
    },
    stop: () => clearInterval(timer),
  }
}
