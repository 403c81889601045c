import { setMaxListeners } from 'node:events'

/** An AbortController for many listeners at once: by default Node warns of a leak at the eleventh. */
export function manyListenerAbort(): AbortController {
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  return controller
}

/** Resolves when the first of the signals aborts, and leaves no listener behind on the others. */
export function untilAborted(...signals: readonly AbortSignal[]): Promise<void> {
  if (signals.some((signal) => signal.aborted)) return Promise.resolve()
  return new Promise((resolve) => {
    function onAbort(): void {
      for (const signal of signals) signal.removeEventListener('abort', onAbort)
      resolve()
    }
    for (const signal of signals) signal.addEventListener('abort', onAbort)
  })
}
