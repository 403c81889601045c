import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import { loadConfig } from '../shared/config/load.ts'
import { isLogOf } from '../shared/thread-logs/file-name.ts'
import type { CliEnvironment } from './command-line/environment.ts'
import { jsonOption } from './command-line/options.ts'
import { linesOf, logLine } from './log-line.ts'
import { CommandFailed } from './terminal/outcome.ts'
import { sentence } from './terminal/sentence.ts'
import { widthOf } from './terminal/width.ts'

// Polled, because watching a folder behaves differently on every system.
const pollMs = 250

export type LogQuery = {
  /** DATA_DIR/logs */
  readonly folder: string
  readonly thread: string
  /** Stops following when it aborts; already aborted, only what exists is read. */
  readonly signal: AbortSignal
}

type Options = { readonly follow: boolean; readonly json: boolean }

export function logsCommand({ env, run, width, paint }: CliEnvironment): Command {
  return new Command()
    .argument('<thread>')
    .option('--no-follow', 'end after what is there')
    .option(...jsonOption)
    .action((thread: string, { follow, json }: Options) =>
      run(async () => {
        // Other programs get the lines as they are.
        const isRaw = json || width === Number.POSITIVE_INFINITY
        const format = (line: string) =>
          isRaw ? `${line}\n` : logLine(line, { width, paint, now: Date.now() })
        await showLog(join(loadConfig(env).dataDir, 'logs'), thread, follow, format)
        return undefined
      }),
    )
}

/** Writes a thread's log to standard output; with `follow` until SIGINT. */
async function showLog(
  folder: string,
  thread: string,
  follow: boolean,
  format: (line: string) => string,
): Promise<void> {
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  // Whoever read has seen enough: `| head -1`.
  process.stdout.once('error', () => stop.abort())
  if (!follow) stop.abort()
  else if ((await logFiles(folder, thread)).length === 0) {
    const text = `There is no log of the thread ${thread} in ${folder} yet: waiting for one, until Ctrl-C. THREAD_LOGS=on writes them.`
    process.stderr.write(sentence(text, widthOf(process.stderr)))
  }
  let count = 0
  for await (const line of linesOf(threadLog({ folder, thread, signal: stop.signal }))) {
    count += 1
    process.stdout.write(format(line))
  }
  if (count === 0)
    throw new CommandFailed(
      `There is no log of the thread ${thread} in ${folder}; THREAD_LOGS=on writes them.`,
    )
}

/** @returns a thread's log as chunks of text, oldest day first, then what is appended to it */
export async function* threadLog({ folder, thread, signal }: LogQuery): AsyncGenerator<string> {
  const positions = new Map<string, number>()
  for (;;) {
    for (const name of await logFiles(folder, thread)) {
      const text = await readFrom(join(folder, name), positions.get(name) ?? 0)
      positions.set(name, (positions.get(name) ?? 0) + text.length)
      if (text.length > 0) yield text.toString('utf8')
    }
    if (signal.aborted) return
    await sleep(pollMs, undefined, { signal }).catch(() => undefined)
  }
}

/** Names begin with the day, so sorting them puts the days in order. */
async function logFiles(folder: string, thread: string): Promise<readonly string[]> {
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
