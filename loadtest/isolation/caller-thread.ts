import { parentPort, workerData } from 'node:worker_threads'
import { makeCalls } from './make-call.ts'
import type { CallPlan } from './plan.ts'

/** What a caller in a thread or process of its own is given. */
export type Assignment = { readonly baseUrl: string; readonly plans: readonly CallPlan[] }

// A worker thread that makes its calls, reports, and ends.
const { baseUrl, plans } = workerData as Assignment
parentPort?.postMessage(await makeCalls(baseUrl, plans))
