import { type Backoff, backoffMs } from '../../shared/timing/backoff.ts'
import { pause } from '../../shared/timing/pause.ts'

/** Which operation of the spool's database failed. A closed set: it is a label. */
export const spoolOperations = ['open', 'write', 'read'] as const

export type SpoolOperation = (typeof spoolOperations)[number]

export type DiskEvents = {
  spoolFailed(operation: SpoolOperation, cause: unknown): void
  /** Its database was damaged; what could still be read was kept. */
  spoolRepaired(cause: unknown): void
  /** The disk works again, and what had been kept in memory is on it. */
  spoolRecovered(): void
}

export type DiskStateOptions = {
  /** Tries to use the disk again, and calls `opened` where that works. Never rejects. @returns whether it worked */
  readonly retry: () => Promise<boolean>
  readonly events: DiskEvents
  readonly backoff: Backoff
}

/** Whether the spool's disk works. A disk that fails is retried until it works or the spool closes. */
export type DiskState = {
  isOpen(): boolean
  opened(): void
  failed(operation: SpoolOperation, cause: unknown): void
  /** Runs an operation. @returns whether it worked; a rejection means that the disk has failed */
  attempt(operation: SpoolOperation, task: () => Promise<void>): Promise<boolean>
  /** Ends the retries, after a last one where the disk is failing. */
  endRetries(): Promise<void>
  closed(): void
}

type State =
  | { readonly kind: 'open' }
  | { readonly kind: 'failing'; readonly recovery: Promise<void> }
  | { readonly kind: 'closed' }

export function createDiskState({ retry, events, backoff }: DiskStateOptions): DiskState {
  const closing = new AbortController()
  let state: State = { kind: 'closed' }

  function enter(next: State): void {
    if (state.kind === 'failing' && next.kind === 'open') events.spoolRecovered()
    state = next
  }

  function failed(operation: SpoolOperation, cause: unknown): void {
    events.spoolFailed(operation, cause)
    if (state.kind !== 'failing') enter({ kind: 'failing', recovery: recover() })
  }

  async function attempt(operation: SpoolOperation, task: () => Promise<void>): Promise<boolean> {
    try {
      await task()
      return true
    } catch (cause) {
      failed(operation, cause)
      return false
    }
  }

  async function recover(): Promise<void> {
    for (let failures = 0; !closing.signal.aborted; failures++) {
      await pause(backoffMs(failures, backoff), closing.signal)
      // Retried once more when closing, too: what is only in memory ends with the process.
      if (await retry()) return
    }
  }

  async function endRetries(): Promise<void> {
    closing.abort()
    if (state.kind === 'failing') await state.recovery
  }

  return {
    isOpen: () => state.kind === 'open',
    opened: () => enter({ kind: 'open' }),
    failed,
    attempt,
    endRetries,
    closed: () => enter({ kind: 'closed' }),
  }
}
