import { write } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeOwnFolder } from '../../shared/no-links.ts'
import { fileName, type JournalFile } from './journal-folder.ts'

/** How often to look whether the file is still in its place. */
const lookEveryMs = 2_000

/** The file that a journal is appended to; not synced: it is to survive the process, not the machine. */
export class AppendFile {
  readonly #path: string
  readonly #monotonic: () => number
  #opened: Promise<FileHandle> | undefined
  #writing: Promise<void> = Promise.resolve()
  #inode = 0
  #lookedAt = 0
  bytes = 0

  /** @param monotonic clock in ms */
  constructor(folder: string, file: JournalFile, monotonic: () => number) {
    this.#path = join(folder, fileName(file))
    this.#monotonic = monotonic
  }

  /** @throws the error of the file system, or where the folder was deleted or replaced */
  async append(batch: Buffer): Promise<void> {
    this.#opened ??= this.#open()
    const handle = await this.#opened
    await this.#look()
    this.#writing = writeWhole(handle.fd, batch)
    await this.#writing
    this.bytes += batch.length
  }

  async close(): Promise<void> {
    const handle = await this.#opened?.catch(() => undefined)
    this.#opened = undefined
    // One that was given up may still go on, by a number that soon is another file's, or a socket's.
    await this.#writing.catch(() => undefined)
    await handle?.close()
  }

  /** Makes it, so that the first write need not wait for that. */
  async open(): Promise<void> {
    this.#opened ??= this.#open()
    await this.#opened
  }

  async #open(): Promise<FileHandle> {
    const folder = dirname(this.#path)
    await makeOwnFolder(dirname(folder))
    await makeOwnFolder(folder)
    const handle = await open(this.#path, 'wx', 0o600)
    this.#inode = (await handle.stat()).ino
    this.#lookedAt = this.#monotonic()
    return handle
  }

  async #look(): Promise<void> {
    if (this.#monotonic() - this.#lookedAt < lookEveryMs) return
    this.#lookedAt = this.#monotonic()
    const found = await stat(this.#path).catch(() => undefined)
    if (found?.ino !== this.#inode) throw new Error(`The file ${this.#path} was deleted or replaced.`)
  }
}

/** Costs a third of what FileHandle.appendFile does: the relay's loop writes with it. */
async function writeWhole(fd: number, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length; ) written += await writeOnce(fd, bytes.subarray(written))
}

function writeOnce(fd: number, bytes: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, 0, bytes.length, null, (cause, written) =>
      cause === null ? resolve(written) : reject(cause),
    )
  })
}
