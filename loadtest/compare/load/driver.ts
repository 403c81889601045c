import type { LoadRequest } from './load.ts'
import { runLoad } from './run-load.ts'

// The load generator, a process of its own: takes one load after another and answers each with what it saw.

process.on('message', async (request: LoadRequest) => process.send?.(await runLoad(request)))
