import type { Controller } from '../upstream/response-handler.ts'

export type FakeController = Controller & {
  /** What was called on it, in order. */
  readonly calls: ('pause' | 'resume' | 'abort')[]
}

/** Undici's controller of one request, as a response with these fields (name, value, ...) would set it. */
export function fakeController(fields: readonly string[] = []): FakeController {
  const calls: FakeController['calls'] = []
  let reason: Error | null = null
  let paused = false
  return {
    calls,
    rawHeaders: fields.map((part) => Buffer.from(part, 'latin1')),
    rawTrailers: [],
    get aborted() {
      return reason !== null
    },
    get reason() {
      return reason
    },
    get paused() {
      return paused
    },
    pause() {
      paused = true
      calls.push('pause')
    },
    resume() {
      paused = false
      calls.push('resume')
    },
    abort(cause) {
      reason = cause
      calls.push('abort')
    },
  }
}
