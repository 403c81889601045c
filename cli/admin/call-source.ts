import { join } from 'node:path'
import type { CallStore } from '../../shared/admin/call-store.ts'
import type { Config } from '../../shared/config/load.ts'
import { codeOf } from '../../shared/error-cause.ts'
import { createCostOf } from '../../shared/pricing/cost-of.ts'
import { openLocalStore } from '../../worker/local-store/store.ts'
import { CommandFailed } from '../terminal/outcome.ts'
import { adminAddress } from './admin-address.ts'
import { adminClient, NotRunning } from './admin-client.ts'

export type CallSource = {
  readonly config: Config
  /** URL of the only admin port to use: no fallback to DATA_DIR. */
  readonly admin?: string
}

/** Uses the call store of the running process or, when none is reachable, the one in DATA_DIR. */
export async function withCallSource<T>(
  { config, admin }: CallSource,
  use: (store: CallStore) => Promise<T>,
): Promise<T> {
  try {
    return await use(adminClient(adminAddress(config, admin)).calls)
  } catch (cause) {
    if (!(cause instanceof NotRunning) || admin !== undefined) throw cause
    return await withStoredCalls(config, cause, use)
  }
}

async function withStoredCalls<T>(
  { dataDir, storeMaxCalls, ownPrices }: Config,
  notRunning: NotRunning,
  use: (store: CallStore) => Promise<T>,
): Promise<T> {
  const dir = join(dataDir, 'store')
  const options = { dir, maxCalls: storeMaxCalls, create: false, costOf: createCostOf(ownPrices) }
  const store = await openLocalStore(options).catch((cause) => {
    const reason =
      codeOf(cause) === 'LEVEL_LOCKED'
        ? `another process has the calls in ${dir} open; is ADMIN_PORT the same here and there?`
        : `no calls are kept in ${dir}: threadtap start runs one, DATA_DIR or --admin say where another is.`
    throw new CommandFailed(`${notRunning.what}, and ${reason}`, { cause })
  })
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}
