import type { Dispatcher } from 'undici'
import { drive } from './drive.ts'
import { framesPerStream } from './sizes.ts'
import type { Subject } from './subjects.ts'

/** CPU time in µs. */
export type Cost = { readonly perCall: number; readonly perFrame: number }

const calls = 8_000
const streams = 200
const atOnce = 20

export const warmUp = (subject: Subject, dispatcher: Dispatcher): Promise<void> =>
  drive(subject.url, dispatcher, { calls: calls / 4, atOnce, model: 'prompt', stream: false })

/** What a plain call and a frame of a stream cost the relay's process, as fast as it can. */
export async function measureCpu(subject: Subject, dispatcher: Dispatcher): Promise<Cost> {
  const before = subject.cpuMicros()
  await drive(subject.url, dispatcher, { calls, atOnce, model: 'prompt', stream: false })
  await settled()
  const between = subject.cpuMicros()
  await drive(subject.url, dispatcher, { calls: streams, atOnce, model: 'prompt', stream: true })
  await settled()
  const after = subject.cpuMicros()
  return { perCall: (between - before) / calls, perFrame: (after - between) / (streams * framesPerStream) }
}

/** Records are packed and stored a moment later: that work belongs to the calls before it. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 1_000))
