// Loaded before threadtap: the recording thread dies of an uncaught error once the file exists, and takes the file along.
import { existsSync, rmSync } from 'node:fs'
import { threadId, workerData } from 'node:worker_threads'

const file = new URL(import.meta.url).searchParams.get('file')
const isRecorder = threadId > 0 && workerData !== null && workerData !== undefined
if (isRecorder) {
  setInterval(() => {
    if (!existsSync(file)) return
    rmSync(file, { force: true })
    throw new Error('killed from outside')
  }, 5).unref()
}
