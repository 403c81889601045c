import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isLogOf } from '../shared/thread-logs/file-name.ts'
import { CommandFailed } from './terminal/outcome.ts'

/** New lines are looked for this often; watching a folder works differently on every system. */
const everyMs = 250

export type LogQuery = {
  /** DATA_DIR/logs */
  readonly folder: string
  readonly thread: string
  /** Ends the following when it aborts; aborted from the beginning it shows what is there. */
  readonly until: AbortSignal
}

/** Writes a thread's log to standard output; with `follow` until somebody interrupts it. */
export async function showLog(folder: string, thread: string, follow: boolean): Promise<void> {
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  if (!follow) stop.abort()
  let shown = 0
  for await (const text of threadLog({ folder, thread, until: stop.signal })) {
    shown += text.length
    process.stdout.write(text)
  }
  if (shown === 0)
    throw new CommandFailed(
      `There is no log of the thread ${thread} in ${folder}; THREAD_LOGS=on writes them.`,
    )
}

/** @returns the lines of a thread's log, day by day, and what is added to it, as chunks of text */
export async function* threadLog({ folder, thread, until }: LogQuery): AsyncGenerator<string> {
  const read = new Map<string, number>()
  for (;;) {
    for (const name of await filesOf(folder, thread)) {
      const text = await readFrom(join(folder, name), read.get(name) ?? 0)
      read.set(name, (read.get(name) ?? 0) + text.length)
      if (text.length > 0) yield text.toString('utf8')
    }
    if (until.aborted) return
    await sleep(everyMs, undefined, { signal: until }).catch(() => undefined)
  }
}

/** Their names begin with the day, so that is their order. */
async function filesOf(folder: string, thread: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => isLogOf(name, thread)).sort()
}

async function readFrom(path: string, position: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const length = Math.max(0, size - position)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
