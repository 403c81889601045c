// Loaded before threadtap: joins the control group whose file of processes the file names, where it is there.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const file = new URL(import.meta.url).searchParams.get('file')
if (isMainThread && existsSync(file)) writeFileSync(readFileSync(file, 'utf8'), String(process.pid))
