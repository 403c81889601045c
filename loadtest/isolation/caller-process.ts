import { once } from 'node:events'
import type { Assignment } from './caller-thread.ts'
import { makeCalls } from './make-call.ts'

// A process that is sent its calls, makes them, reports, and ends.
const [{ baseUrl, plans }] = (await once(process, 'message')) as [Assignment]
process.send?.(await makeCalls(baseUrl, plans), () => process.disconnect())
