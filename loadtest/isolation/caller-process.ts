import { once } from 'node:events'
import type { Assignment } from './caller-thread.ts'
import { makeCalls } from './make-call.ts'

// Receives its calls as a message, makes them, reports, and exits.
const [{ baseUrl, plans }] = (await once(process, 'message')) as [Assignment]
process.send?.(await makeCalls(baseUrl, plans), () => process.disconnect())
