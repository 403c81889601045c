import { Pool } from 'undici'
import { ageReader } from '../../overhead/stamp.ts'
import type { Load, LoadReport, LoadRequest } from './load.ts'
import { call, type Seen } from './one-call.ts'
import { paced } from './pacer.ts'
import { promptBody } from './prompt.ts'

type Observed = { missed: number; seen: Seen[]; frameAges: number[]; lags: number[] }
type Make = (body: Buffer, n: number, onData?: (chunk: Buffer) => void) => Promise<Seen>

/** Puts a load on a subject, over connections of its own, which are kept. */
export async function runLoad({ url, load }: LoadRequest): Promise<LoadReport> {
  const { origin, pathname } = new URL(url)
  const pool = new Pool(origin, { connections: 2_048, headersTimeout: 60_000, bodyTimeout: 60_000 })
  const observed: Observed = { missed: 0, seen: [], frameAges: [], lags: [] }
  const make: Make = (body, n, onData) => call(pool, pathname, body, n, onData)
  const begunAt = performance.now()
  await drive(load, make, observed)
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

function drive(load: Load, make: Make, observed: Observed): Promise<void> {
  switch (load.kind) {
    case 'calls':
      return driveCalls(load, make, observed)
    case 'streams':
      return driveStreams(load, make, observed)
    case 'crowd':
      return driveCrowd(load, make, observed)
  }
}

async function driveCalls(load: Load & { kind: 'calls' }, make: Make, observed: Observed): Promise<void> {
  const body = promptBody({ model: load.model, stream: false, bytes: load.promptBytes })
  const open = new Set<Promise<unknown>>()
  await paced(load.perSecond, load.total, (n, lateMs) => {
    observed.lags.push(lateMs)
    if (open.size >= load.mostOpen) return void observed.missed++
    const made = make(body, n).then((one) => {
      observed.seen.push(one)
      open.delete(made)
    })
    open.add(made)
  })
  await Promise.all(open)
}

async function driveStreams(load: Load & { kind: 'streams' }, make: Make, observed: Observed): Promise<void> {
  const { streams, framesPerSecond, seconds, large } = load
  const frames = framesPerSecond * seconds
  const body = promptBody({ model: 'paced', stream: true, bytes: 500, frames, framesPerSecond })
  const open: Promise<unknown>[] = []
  // Spread over a second, so that neither the openings nor the frames of all streams come at one moment.
  const opening = paced(streams, streams, (n, lateMs) => {
    observed.lags.push(lateMs)
    const read = ageReader()
    open.push(make(body, n, (chunk) => void observed.frameAges.push(...read(chunk))))
  })
  if (large !== undefined) {
    const bodies = large.promptBytes.map((bytes) => promptBody({ model: 'prompt', stream: false, bytes }))
    const total = Math.floor(large.perSecond * seconds)
    await paced(large.perSecond, total, (n) => {
      const made = make(bodies[n % bodies.length] ?? Buffer.alloc(0), n)
      open.push(made.then((one) => observed.seen.push(one)))
    })
  }
  await opening
  await Promise.all(open)
}

async function driveCrowd(load: Load & { kind: 'crowd' }, make: Make, { seen }: Observed): Promise<void> {
  const body = promptBody({ model: load.model, stream: false, bytes: load.promptBytes })
  let begun = 0
  const one = async (): Promise<void> => {
    while (begun < load.total) seen.push(await make(body, begun++))
  }
  await Promise.all(Array.from({ length: load.atOnce }, one))
}
