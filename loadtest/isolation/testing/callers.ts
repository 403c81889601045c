import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Assignment } from '../caller-thread.ts'
import { type CallReport, makeCalls } from '../make-call.ts'

/** Who calls: tasks of this process, worker threads, processes of their own, or all of these at once. */
export type Callers = 'tasks' | 'threads' | 'processes' | 'mix'
export const allCallers: readonly Callers[] = ['tasks', 'threads', 'processes', 'mix']

type Caller = (assignment: Assignment) => Promise<readonly CallReport[]>

// Threads and processes need JavaScript: what the build made of the modules beside this folder.
const built = (file: string): string =>
  fileURLToPath(new URL(`../../../dist/loadtest/isolation/${file}`, import.meta.url))

const asTask: Caller = ({ baseUrl, plans }) => makeCalls(baseUrl, plans)

const asThread: Caller = async (workerData) => {
  const [reports] = await once(new Worker(built('caller-thread.js'), { workerData }), 'message')
  return reports as readonly CallReport[]
}

const asProcess: Caller = async (assignment) => {
  const child = fork(built('caller-process.js'))
  child.send(assignment)
  const [reports] = await once(child, 'message')
  return reports as readonly CallReport[]
}

const crews: Readonly<Record<Callers, readonly Caller[]>> = {
  tasks: [asTask],
  threads: [asThread, asThread],
  processes: [asProcess, asProcess],
  mix: [asTask, asThread, asThread, asProcess, asProcess],
}

/** Makes all calls at once, dealt out in turn, so that those who share a thread are different callers. */
export async function callAll(
  callers: Callers,
  { baseUrl, plans }: Assignment,
): Promise<readonly CallReport[]> {
  const crew = crews[callers]
  const hands = crew.map((_, hand) => plans.filter((_, at) => at % crew.length === hand))
  const reports = await Promise.all(crew.map((caller, hand) => caller({ baseUrl, plans: hands[hand] ?? [] })))
  return reports.flat()
}
