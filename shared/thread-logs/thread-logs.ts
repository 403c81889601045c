import { appendFile, mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Part } from '../lifecycle.ts'
import type { Clock } from '../timing/clock.ts'
import { threadLogName } from './file-name.ts'

export type ThreadLogLimits = {
  /** Bytes of one thread's file; beyond it that file takes no more lines for the day. */
  readonly fileBytes: number
  /** Bytes of lines that may wait in memory for the disk; beyond it new ones are dropped, and counted. */
  readonly waitingBytes: number
}

export const threadLogLimits: ThreadLogLimits = { fileBytes: 10_485_760, waitingBytes: 4_194_304 }

/** Why a line is not written. A closed set: it is a label. */
export type LineDrop = 'waiting' | 'file_full' | 'disk'

export type ThreadLogs = Part & {
  /** Takes a line, with its line end, for the file of a thread. Neither throws nor waits. */
  write(thread: string, line: string): void
}

export type ThreadLogOptions = {
  readonly folder: string
  readonly clock: Pick<Clock, 'now'>
  readonly limits?: ThreadLogLimits
  /** Called with the number of lines that are not written, and why. */
  readonly onDropped: (lines: number, reason: LineDrop) => void
}

type File = { lines: string[]; bytes: number | undefined }

/**
 * A log file per thread and day. Lines are gathered while the disk is busy and appended one file after the
 * other, so that at most one file is open at any time, however many threads talk.
 */
export function createThreadLogs({
  folder,
  clock,
  onDropped,
  limits = threadLogLimits,
}: ThreadLogOptions): ThreadLogs {
  const files = new Map<string, File>()
  let waitingBytes = 0
  let busy = false
  let written: Promise<void> = Promise.resolve()

  function write(thread: string, line: string): void {
    if (waitingBytes + line.length > limits.waitingBytes) {
      onDropped(1, 'waiting')
      return
    }
    const name = threadLogName(clock.now(), thread)
    const file = files.get(name) ?? { lines: [], bytes: undefined }
    files.set(name, file)
    file.lines.push(line)
    waitingBytes += line.length
    if (!busy) written = writeAll()
  }

  async function writeAll(): Promise<void> {
    busy = true
    for (let next = nextFile(); next !== undefined; next = nextFile()) {
      const [name, file] = next
      const lines = file.lines.splice(0)
      await append(name, file, lines).catch(() => onDropped(lines.length, 'disk'))
      waitingBytes -= lines.reduce((sum, line) => sum + line.length, 0)
    }
    // Sizes are asked again when a thread comes back; nothing is kept of threads that are silent.
    files.clear()
    busy = false
  }

  const nextFile = () => [...files].find(([, { lines }]) => lines.length > 0)

  async function append(name: string, file: File, lines: readonly string[]): Promise<void> {
    const path = join(folder, name)
    if (file.bytes === undefined) {
      await mkdir(folder, { recursive: true })
      file.bytes = await stat(path).then(
        ({ size }) => size,
        () => 0,
      )
    }
    const fitting = lines.filter((line) => {
      const fits = (file.bytes ?? 0) + Buffer.byteLength(line) <= limits.fileBytes
      if (fits) file.bytes = (file.bytes ?? 0) + Buffer.byteLength(line)
      return fits
    })
    if (fitting.length < lines.length) onDropped(lines.length - fitting.length, 'file_full')
    if (fitting.length > 0) await appendFile(path, fitting.join(''))
  }

  return {
    name: 'thread logs',
    write,
    async stop() {
      while (busy) await written
    },
  }
}
