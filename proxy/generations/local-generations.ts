import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LRUCache } from 'lru-cache'
import { isJsonObject, parseJson } from '../../shared/json.ts'
import { makeOwnFolder, namesInOwnFolder, readFlags } from '../../shared/no-links.ts'
import { writeAtomically } from '../../shared/write-atomically.ts'
import { openMs } from './open-generation.ts'

/** Open generations that this process knows of, each a record as JSON; with a folder they survive a restart. */
export type LocalGenerations = {
  put(key: string, record: string): void
  get(key: string): string | undefined
  delete(key: string): void
  /** Reads what an earlier process left; what is damaged or too old is removed. */
  start(): Promise<void>
  /** Resolves when the disk has all changes. */
  flush(): Promise<void>
}

export type LocalGenerationsOptions = {
  /** One file per generation; without it they are kept in memory alone. */
  readonly dir: string | undefined
  readonly now: () => number
  readonly limits?: { readonly entries: number; readonly bytes: number }
  /** They cannot be kept on disk. */
  readonly onFailure: (cause: unknown) => void
}

const defaultLimits = { entries: 1_000, bytes: 67_108_864 }

type Entry = { readonly record: string; readonly expiresAt: number }

export function createLocalGenerations(options: LocalGenerationsOptions): LocalGenerations {
  const { dir, now, limits = defaultLimits, onFailure } = options
  let work: Promise<void> = Promise.resolve()
  const entries = new LRUCache<string, Entry>({
    max: limits.entries,
    maxSize: limits.bytes,
    sizeCalculation: ({ record }) => record.length + 1,
    dispose: (_entry, key, reason) => {
      if (reason !== 'set') onDisk((folder) => rm(fileOf(folder, key), { force: true }))
    },
  })

  /** One after the other, so that a file is written before it is removed. */
  function onDisk(change: (folder: string) => Promise<void>): void {
    if (dir !== undefined) work = work.then(() => change(dir)).catch(onFailure)
  }

  function removeExpired(): void {
    for (const [key, { expiresAt }] of [...entries.entries()]) if (expiresAt <= now()) entries.delete(key)
  }

  return {
    put(key, record) {
      removeExpired()
      const entry = { record, expiresAt: now() + openMs }
      entries.set(key, entry)
      onDisk(async (folder) => {
        await makeOwnFolder(folder)
        await writeAtomically(fileOf(folder, key), JSON.stringify({ v: 1, key, ...entry }))
      })
    },

    get(key) {
      const entry = entries.get(key)
      return entry !== undefined && entry.expiresAt > now() ? entry.record : undefined
    },

    delete: (key) => void entries.delete(key),

    async start() {
      if (dir === undefined) return
      const names = await namesInOwnFolder(dir)
      for (const name of names) {
        const stored = decode(
          await readFile(join(dir, name), { encoding: 'utf8', flag: readFlags }).catch(() => ''),
          now(),
        )
        if (stored === undefined) await rm(join(dir, name), { force: true }).catch(() => undefined)
        else entries.set(stored.key, stored.entry)
      }
    },

    flush: () => work,
  }
}

const fileOf = (dir: string, key: string): string =>
  join(dir, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`)

function decode(text: string, now: number): { readonly key: string; readonly entry: Entry } | undefined {
  const stored = parseJson(text)
  if (!isJsonObject(stored)) return undefined
  const { key, record, expiresAt } = stored
  if (typeof key !== 'string' || typeof record !== 'string' || typeof expiresAt !== 'number') return undefined
  return expiresAt > now
    ? { key, entry: { record, expiresAt: Math.min(expiresAt, now + openMs) } }
    : undefined
}
