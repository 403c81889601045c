import { parentPort, workerData } from 'node:worker_threads'
import { makeCalls } from './make-call.ts'
import type { CallPlan } from './plan.ts'

/** The calls of one caller thread or process. */
export type Assignment = { readonly baseUrl: string; readonly plans: readonly CallPlan[] }

// Makes the calls of its worker data, reports, and exits.
const { baseUrl, plans } = workerData as Assignment
parentPort?.postMessage(await makeCalls(baseUrl, plans))
