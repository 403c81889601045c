import type { CallError, Ending } from '../../shared/record/record.ts'
import type { RelayEnd } from '../tape/relay-end.ts'
import { isRunning } from './folds/running-state.ts'

/** What the response itself shows of its end. */
export type ResponseState = {
  readonly status?: number
  readonly streamed: boolean
  /** The end mark was seen. */
  readonly ended: boolean
  readonly error?: CallError
}

/**
 * @param state of the response, as it says itself
 * @param background whether it is generated whoever is connected
 * @returns true where its generation goes on although its call has ended
 */
export const runsOn = (
  { ending }: CallEnding,
  state: string | undefined,
  background: boolean,
  streamed: boolean,
): boolean => isRunning(state) && (streamed ? background && survived.has(ending) : ending === 'completed')

/** Ends of a connection, which a response in the background does not depend on. */
const survived: ReadonlySet<Ending> = new Set([
  'completed',
  'truncated',
  'client_closed',
  'upstream_closed',
  'timed_out',
  'process_died',
])

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
    case 'process_died':
      return streamed && ended ? { ending: 'completed' } : { ending: 'process_died', error: processDied }
    case 'relayed':
      return streamed && !ended ? { ending: 'truncated', error: truncated } : { ending: 'completed' }
  }
}

const clientClosed: CallError = {
  type: 'client_closed',
  message: 'The client closed the connection before the response was complete',
}

const processDied: CallError = {
  type: 'process_died',
  message: 'threadtap was killed before the call had ended',
}

const truncated: CallError = {
  type: 'truncated',
  message: 'The stream stopped without its end mark',
}
