import type { CallError } from '../../shared/record/record.ts'

/** How the relay of a call ended. */
export type RelayEnd =
  /** The upstream's response was passed on to its last byte. */
  | { readonly kind: 'relayed' }
  | { readonly kind: 'client_closed' }
  /** The upstream's connection broke within its response. */
  | { readonly kind: 'upstream_closed'; readonly error: CallError }
  | { readonly kind: 'timed_out'; readonly error: CallError }
  /** Threadtap was killed before the call had ended: never on the tape, but what a crash journal ends with. */
  | { readonly kind: 'process_died' }
  /** There was no response at all: unreachable, refused, reset before the status line. */
  | { readonly kind: 'no_response'; readonly error: CallError }
