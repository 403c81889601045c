import { Pool } from 'undici'
import { driveCalls, driveCrowd, driveStreams, type Observed } from './drive.ts'
import type { Load, LoadReport, LoadRequest } from './load.ts'
import { callsThrough, type MakeCall } from './one-call.ts'

/** Puts a load on a subject, over connections of its own, which are kept. */
export async function runLoad({ url, headers, load }: LoadRequest): Promise<LoadReport> {
  const { origin, pathname } = new URL(url)
  const pool = new Pool(origin, { connections: 2_048, headersTimeout: 60_000, bodyTimeout: 60_000 })
  const observed: Observed = { missed: 0, seen: [], frameAges: [], lags: [] }
  const begunAt = performance.now()
  await drive(load, callsThrough(pool, pathname, headers), observed)
  const elapsedMs = performance.now() - begunAt
  await pool.close()
  const good = observed.seen.filter(({ ok }) => ok)
  return {
    calls: observed.seen.length,
    failed: observed.seen.length - good.length,
    missed: observed.missed,
    elapsedMs,
    latencies: Float64Array.from(good, ({ tookMs }) => tookMs),
    frameAges: Float64Array.from(observed.frameAges),
    lags: Float64Array.from(observed.lags),
  }
}

function drive(load: Load, make: MakeCall, observed: Observed): Promise<void> {
  switch (load.kind) {
    case 'calls':
      return driveCalls(load, make, observed)
    case 'streams':
      return driveStreams(load, make, observed)
    case 'crowd':
      return driveCrowd(load, make, observed)
  }
}
