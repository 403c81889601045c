import type { RecordedCall, RecordedRun } from '../../shared/recordings/recorded-runs.ts'
import { createRandom } from '../random/random.ts'

export type Step = { readonly recording: RecordedRun; readonly at: number; readonly call: RecordedCall }

export const orderNames = ['sequential', 'round robin', 'shuffled'] as const
export type OrderName = (typeof orderNames)[number]

/** The calls of all recordings in one order; within a recording their own order stays. */
export function ordered(recordings: readonly RecordedRun[], order: OrderName, seed: number): readonly Step[] {
  const queues = recordings.map((recording) =>
    recording.calls.map((call, at): Step => ({ recording, at, call })),
  )
  if (order === 'sequential') return queues.flat()
  if (order === 'round robin') return roundRobin(queues)
  return shuffled(queues, seed)
}

function roundRobin(queues: readonly (readonly Step[])[]): readonly Step[] {
  const longest = Math.max(0, ...queues.map(({ length }) => length))
  return Array.from({ length: longest }, (_, at) => queues.flatMap((queue) => queue[at] ?? [])).flat()
}

function shuffled(queues: readonly (readonly Step[])[], seed: number): readonly Step[] {
  const random = createRandom(seed)
  const next = queues.map(() => 0)
  const steps: Step[] = []
  for (let open = queues.map((_, at) => at); open.length > 0; ) {
    const chosen = random.pick(open)
    const queue = queues[chosen] as readonly Step[]
    steps.push(queue[next[chosen] as number] as Step)
    next[chosen] = (next[chosen] as number) + 1
    if (next[chosen] === queue.length) open = open.filter((at) => at !== chosen)
  }
  return steps
}
