import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Assignment } from '../caller-thread.ts'
import { type CallReport, makeCalls } from '../make-call.ts'

/** The kind of callers: tasks of this process, worker threads, separate processes, or a mix. */
export type Callers = 'tasks' | 'threads' | 'processes' | 'mix'
export const allCallers: readonly Callers[] = ['tasks', 'threads', 'processes', 'mix']

type Caller = (assignment: Assignment) => Promise<readonly CallReport[]>

// Threads and processes need JavaScript: the built modules of the parent folder.
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

const callersByKind: Readonly<Record<Callers, readonly Caller[]>> = {
  tasks: [asTask],
  threads: [asThread, asThread],
  processes: [asProcess, asProcess],
  mix: [asTask, asThread, asThread, asProcess, asProcess],
}

/** Makes all calls concurrently, distributed round-robin, so that calls of a shared thread have different callers. */
export async function callAll(
  callers: Callers,
  { baseUrl, plans }: Assignment,
): Promise<readonly CallReport[]> {
  const pool = callersByKind[callers]
  const shares = pool.map((_, caller) => plans.filter((_, at) => at % pool.length === caller))
  const reports = await Promise.all(
    pool.map((call, caller) => call({ baseUrl, plans: shares[caller] ?? [] })),
  )
  return reports.flat()
}
