import { type Backoff, backoffMs } from '../timing/backoff.ts'
import { pause } from '../timing/pause.ts'

export type DiskStateOptions<Operation extends string> = {
  /** Tries to use the disk again, and calls `opened` where that works. Never rejects. @returns whether it worked */
  readonly retry: () => Promise<boolean>
  /** Called for each failure, those of retries included. */
  readonly onFailed: (operation: Operation, cause: unknown) => void
  /** The disk works again. */
  readonly onRecovered: () => void
  readonly backoff: Backoff
}

/** Whether the disk of a database works. One that fails is retried until it works or the database closes. */
export type DiskState<Operation extends string> = {
  isOpen(): boolean
  opened(): void
  failed(operation: Operation, cause: unknown): void
  /** Runs an operation. @returns whether it worked; a rejection means that the disk has failed */
  attempt(operation: Operation, task: () => Promise<void>): Promise<boolean>
  /** Ends the retries, after a last one where the disk is failing. */
  endRetries(): Promise<void>
  closed(): void
}

type State =
  | { readonly kind: 'open' }
  | { readonly kind: 'failing'; readonly recovery: Promise<void> }
  | { readonly kind: 'closed' }

export function createDiskState<Operation extends string>(
  options: DiskStateOptions<Operation>,
): DiskState<Operation> {
  const { retry, onFailed, onRecovered, backoff } = options
  const closing = new AbortController()
  let state: State = { kind: 'closed' }

  function enter(next: State): void {
    if (state.kind === 'failing' && next.kind === 'open') onRecovered()
    state = next
  }

  function failed(operation: Operation, cause: unknown): void {
    onFailed(operation, cause)
    if (state.kind !== 'failing') enter({ kind: 'failing', recovery: recover() })
  }

  async function attempt(operation: Operation, task: () => Promise<void>): Promise<boolean> {
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
