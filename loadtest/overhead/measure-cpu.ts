import type { Dispatcher } from 'undici'
import { drive } from './drive.ts'
import { framesPerStream } from './sizes.ts'
import type { Subject } from './subject.ts'

/** CPU time in µs. */
export type Cost = { readonly perCall: number; readonly perFrame: number }

const calls = 8_000
const streams = 200
const concurrency = 20

export const warmUp = (subject: Subject, dispatcher: Dispatcher): Promise<void> =>
  drive(subject.url, dispatcher, { calls: calls / 4, concurrency, model: 'prompt', stream: false })

/** CPU cost of a plain call and of a stream frame in the relay's process, at full speed. */
export async function measureCpu(subject: Subject, dispatcher: Dispatcher): Promise<Cost> {
  const before = subject.cpuMicros()
  await drive(subject.url, dispatcher, { calls, concurrency, model: 'prompt', stream: false })
  await settle()
  const between = subject.cpuMicros()
  await drive(subject.url, dispatcher, { calls: streams, concurrency, model: 'prompt', stream: true })
  await settle()
  const after = subject.cpuMicros()
  return { perCall: (between - before) / calls, perFrame: (after - between) / (streams * framesPerStream) }
}

/** Records are packed and stored after their calls; that work counts too. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 1_000))
