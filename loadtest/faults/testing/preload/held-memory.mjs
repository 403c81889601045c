// Loaded before threadtap: each thread notes now and then, in DATA_DIR, how many bytes it holds that are no garbage.
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { threadId } from 'node:worker_threads'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')
const file = join(process.env.DATA_DIR, `held-memory-${threadId}`)

setInterval(() => {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  writeFileSync(`${file}.new`, String(heapUsed + external))
  renameSync(`${file}.new`, file)
}, 2_000).unref()
