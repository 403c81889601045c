import { appendFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Part } from '../lifecycle.ts'
import { appendFlags, makeOwnFolder } from '../no-links.ts'
import type { Clock } from '../timing/clock.ts'
import { threadLogName } from './file-name.ts'

export type ThreadLogLimits = {
  /** Size of a thread's file for one day; lines beyond it are dropped. */
  readonly fileBytes: number
  /** Bytes of lines pending in memory; beyond it new ones are dropped, and counted. */
  readonly pendingBytes: number
}

const threadLogLimits: ThreadLogLimits = { fileBytes: 10_485_760, pendingBytes: 4_194_304 }

/** Why a line is dropped. A closed set: it is a metric label. */
export const lineDrops = ['waiting', 'file_full', 'disk'] as const

export type LineDrop = (typeof lineDrops)[number]

export type ThreadLogs = Part & {
  /** Appends a line, including its line break, to the file of a thread. Neither throws nor blocks. */
  write(thread: string, line: string): void
}

export type ThreadLogOptions = {
  readonly folder: string
  readonly clock: Pick<Clock, 'now'>
  readonly limits?: ThreadLogLimits
  /** Called with the number of dropped lines. */
  readonly onDropped: (lines: number, reason: LineDrop) => void
  /** Called with why lines could not be written; they are dropped. */
  readonly onFailed?: (cause: unknown) => void
  /** Called whenever lines were written. */
  readonly onWritten?: () => void
}

type File = { lines: string[]; bytes: number | undefined }

/**
 * A log file per thread and day. Lines are batched while the disk is busy, and appended one file after the
 * other, so that at most one file is open at any time, whatever the number of threads.
 */
export function createThreadLogs({
  folder,
  clock,
  onDropped,
  onFailed = () => {},
  onWritten = () => {},
  limits = threadLogLimits,
}: ThreadLogOptions): ThreadLogs {
  const files = new Map<string, File>()
  let pendingBytes = 0
  let busy = false
  let written: Promise<void> = Promise.resolve()

  function write(thread: string, line: string): void {
    if (pendingBytes + line.length > limits.pendingBytes) {
      onDropped(1, 'waiting')
      return
    }
    const name = threadLogName(clock.now(), thread)
    const file = files.get(name) ?? { lines: [], bytes: undefined }
    files.set(name, file)
    file.lines.push(line)
    pendingBytes += line.length
    if (!busy) written = writeAll()
  }

  async function writeAll(): Promise<void> {
    busy = true
    for (let next = withLines(files); next !== undefined; next = withLines(files)) {
      const [name, file] = next
      const lines = file.lines.splice(0)
      await append(name, file, lines).then(onWritten, (cause) => {
        onDropped(lines.length, 'disk')
        onFailed(cause)
      })
      pendingBytes -= lines.reduce((sum, line) => sum + line.length, 0)
    }
    // Sizes are read again when a thread logs again, so that idle threads take no memory.
    files.clear()
    busy = false
  }

  async function append(name: string, file: File, lines: readonly string[]): Promise<void> {
    const path = join(folder, name)
    if (file.bytes === undefined) {
      await makeOwnFolder(folder)
      file.bytes = await sizeOf(path)
    }
    const accepted = takeFitting(file, lines, limits.fileBytes)
    if (accepted.length < lines.length) onDropped(lines.length - accepted.length, 'file_full')
    if (accepted.length > 0) await appendFile(path, accepted.join(''), { flag: appendFlags })
  }

  return {
    name: 'thread logs',
    write,
    async stop() {
      while (busy) await written
    },
  }
}

function withLines(files: ReadonlyMap<string, File>): [string, File] | undefined {
  return [...files].find(([, { lines }]) => lines.length > 0)
}

/** 0 where there is no such file yet. */
function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}

/** Counts the lines it returns towards the size of the file. */
function takeFitting(file: File, lines: readonly string[], fileBytes: number): readonly string[] {
  return lines.filter((line) => {
    const fits = (file.bytes ?? 0) + Buffer.byteLength(line) <= fileBytes
    if (fits) file.bytes = (file.bytes ?? 0) + Buffer.byteLength(line)
    return fits
  })
}
