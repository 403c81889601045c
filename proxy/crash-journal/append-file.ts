import { type FileHandle, open, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolder } from '../../shared/make-folder.ts'
import { fileName } from './journal-folder.ts'

/** How often to look whether the file is still in its place. */
const lookEveryMs = 2_000

/** The file that a journal is appended to; not synced: it is to survive the process, not the machine. */
export class AppendFile {
  readonly number: number
  readonly #path: string
  readonly #monotonic: () => number
  #handle: FileHandle | undefined
  #inode = 0
  #lookedAt = 0
  bytes = 0

  /** @param monotonic clock in ms */
  constructor(folder: string, number: number, monotonic: () => number) {
    this.number = number
    this.#path = join(folder, fileName({ number, isCarried: false }))
    this.#monotonic = monotonic
  }

  /** @throws the error of the file system, or where the folder was deleted or replaced */
  async append(batch: Buffer): Promise<void> {
    const handle = this.#handle ?? (await this.#open())
    await this.#look()
    await handle.appendFile(batch)
    this.bytes += batch.length
  }

  async close(): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    await handle?.close()
  }

  async #open(): Promise<FileHandle> {
    await makeFolder(dirname(this.#path))
    this.#handle = await open(this.#path, 'wx', 0o600)
    this.#inode = (await this.#handle.stat()).ino
    this.#lookedAt = this.#monotonic()
    return this.#handle
  }

  async #look(): Promise<void> {
    if (this.#monotonic() - this.#lookedAt < lookEveryMs) return
    this.#lookedAt = this.#monotonic()
    const found = await stat(this.#path).catch(() => undefined)
    if (found?.ino !== this.#inode) throw new Error(`The file ${this.#path} was deleted or replaced.`)
  }
}
