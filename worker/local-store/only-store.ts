import type { CallStore } from '../../shared/admin/call-store.ts'
import { DataDirUnusable } from '../../shared/data-dir-unusable.ts'
import { codeOf } from '../../shared/error-cause.ts'
import type { Part } from '../../shared/lifecycle.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { untilAborted } from '../../shared/timing/abort.ts'
import { withDeadline } from '../../shared/timing/deadline.ts'
import { createReopeningStore, type ReopeningStoreOptions } from './reopening-store.ts'
import { storedCalls } from './stored-calls.ts'

export type OnlyStoreOptions = ReopeningStoreOptions & { readonly dataDir: string }

/** The local store where records go nowhere else: while it cannot be used they wait in the spool. */
export type OnlyStore = Part & {
  readonly calls: CallStore
  /** @throws while the store cannot be used */
  save(records: readonly InferenceRecord[]): Promise<void>
}

/** How long the start waits for a disk that is slow. */
const startMs = 5_000

/** Its start throws DataDirUnusable where another process has the store; everything else is tried again. */
export function createOnlyStore(options: OnlyStoreOptions): OnlyStore {
  const store = createReopeningStore(options)
  return {
    name: 'local store',
    async start() {
      await withDeadline(startMs, store.open).catch(() => undefined)
      const cause = store.cause()
      if (codeOf(cause) === 'LEVEL_LOCKED') throw new DataDirUnusable(options.dataDir, cause)
    },
    stop: (deadline) => Promise.race([store.stop(), untilAborted(deadline)]),
    calls: storedCalls(store, 'records wait in the spool'),
    async save(records) {
      await store.open()
      const current = store.current()
      if (current === undefined) throw store.cause() ?? new Error('it is closed')
      try {
        await current.save(records)
      } catch (cause) {
        store.failed(current, cause)
        throw cause
      }
    },
  }
}
