import { ageReader } from '../../overhead/stamp.ts'
import type { Load } from './load.ts'
import type { MakeCall, Seen } from './one-call.ts'
import { paced } from './pacer.ts'
import { promptBody } from './prompt.ts'

export type Observed = {
  readonly seen: Seen[]
  readonly frameAges: number[]
  readonly lags: number[]
  missed: number
}

type LoadOf<Kind extends Load['kind']> = Load & { readonly kind: Kind }

export async function driveCalls(load: LoadOf<'calls'>, make: MakeCall, observed: Observed): Promise<void> {
  const { thinkMs, promptBytes, perSecond, total, mostOpen } = load
  const bodies = promptBytes.map((bytes) =>
    promptBody({ bytes, stream: false, orders: { kind: 'answer', thinkMs } }),
  )
  const open = new Set<Promise<unknown>>()
  await paced(perSecond, total, (n, lateMs) => {
    observed.lags.push(lateMs)
    if (open.size >= mostOpen) return void observed.missed++
    const made = make(bodies[n % bodies.length] ?? Buffer.alloc(0), n).then((one) => {
      observed.seen.push(one)
      open.delete(made)
    })
    open.add(made)
  })
  await Promise.all(open)
}

const opensPerSecond = 250

/** One after the other, so that neither the openings nor the frames of all streams come at one moment. */
export async function driveStreams(
  load: LoadOf<'streams'>,
  make: MakeCall,
  observed: Observed,
): Promise<void> {
  const { streams, framesPerSecond, seconds } = load
  const orders = { kind: 'stream', frames: framesPerSecond * seconds, framesPerSecond } as const
  const body = promptBody({ bytes: 500, stream: true, orders })
  const open: Promise<unknown>[] = []
  await paced(Math.max(opensPerSecond, streams), streams, (n, lateMs) => {
    observed.lags.push(lateMs)
    const read = ageReader()
    const made = make(body, n, (chunk) => void observed.frameAges.push(...read(chunk)))
    open.push(made.then((one) => observed.seen.push(one)))
  })
  await Promise.all(open)
}

export async function driveCrowd(load: LoadOf<'crowd'>, make: MakeCall, { seen }: Observed): Promise<void> {
  const { thinkMs, promptBytes, total, atOnce } = load
  const body = promptBody({ bytes: promptBytes, stream: false, orders: { kind: 'answer', thinkMs } })
  let begun = 0
  const one = async (): Promise<void> => {
    while (begun < total) seen.push(await make(body, begun++))
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}
