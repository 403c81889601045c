import type { CallError, Ending } from '../../shared/record/record.ts'
import type { RelayEnd } from '../tape/relay-end.ts'

/** What the response itself shows of its end. */
export type ResponseState = {
  readonly status?: number
  readonly streamed: boolean
  /** The end mark was seen. */
  readonly ended: boolean
  readonly error?: CallError
}

export type CallEnding = { readonly ending: Ending; readonly error?: CallError }

/** Decides how a call ended. An error that the upstream reports takes precedence over how the relay ended. */
export function endingOf(end: RelayEnd, { status, streamed, ended, error }: ResponseState): CallEnding {
  if (end.kind === 'no_response') return { ending: 'upstream_error', error: end.error }
  if (status !== undefined && status >= 400) {
    const statusError = { type: `http_${status}`, message: `HTTP status ${status}` }
    return { ending: 'upstream_error', error: error ?? statusError }
  }
  if (error !== undefined) return { ending: 'error_in_stream', error }
  switch (end.kind) {
    case 'upstream_closed':
    case 'timed_out':
      return { ending: end.kind, error: end.error }
    case 'client_closed':
      // Many clients close the connection as soon as they have read the end mark.
      return streamed && ended ? { ending: 'completed' } : { ending: 'client_closed', error: clientClosed }
    case 'relayed':
      return streamed && !ended ? { ending: 'truncated', error: truncated } : { ending: 'completed' }
  }
}

const clientClosed: CallError = {
  type: 'client_closed',
  message: 'The client closed the connection before the response was complete',
}

const truncated: CallError = {
  type: 'truncated',
  message: 'The stream stopped without its end mark',
}
