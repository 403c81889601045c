import type { LoadPages } from '../../shared/admin/pages.ts'
import type { Clock } from '../../shared/timing/clock.ts'

/** The console, loaded when somebody looks: a sidecar that nobody looks at does without its code. */
export function consolePages({ now }: Pick<Clock, 'now'>): LoadPages {
  return async (parts) => {
    const { createConsole } = await import('../../shared/console/console.ts')
    return createConsole({ ...parts, now })
  }
}
