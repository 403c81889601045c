import { existsSync, renameSync, statSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Part } from '../../shared/lifecycle.ts'
import { makeFolderSync } from '../../shared/make-folder.ts'
import { appendFlags, readOwnFileSync } from '../../shared/no-links.ts'
import { decodeCall, encodeCall, type RememberedCall } from './remembered-call.ts'

/** What is remembered of calls, on local disk: after a restart agents that are at work go on in their traces. */
export type Journal = Part & {
  /** @returns what an earlier process has written, oldest first */
  read(): readonly RememberedCall[]
  /** Notes calls that are new or have changed; written within `flushMs`. */
  note(calls: readonly RememberedCall[]): void
}

/** A crash loses what is younger, and with it the link to a call. */
const flushMs = 250
/** Two files of this size are kept: some 10,000 calls. */
const maxFileBytes = 6_291_456
/** While the disk cannot keep up. */
const maxPending = 5_000

export type JournalOptions = {
  readonly dataDir: string
  readonly maxBytes?: number
  /** Called for the first failure in a row. */
  readonly onFailure: (cause: unknown) => void
}

export function openJournal({ dataDir, maxBytes = maxFileBytes, onFailure }: JournalOptions): Journal {
  const [current, previous] = [join(dataDir, 'stitching.journal'), join(dataDir, 'stitching.journal.1')]
  let pending: string[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  let size = sizeOf(current)
  let isFailing = false

  async function write(): Promise<void> {
    const text = pending.join('')
    pending = []
    try {
      if (size > maxBytes) {
        renameSync(current, previous)
        size = 0
      }
      await appendFile(current, text, { mode: 0o600, flag: appendFlags })
      size += Buffer.byteLength(text)
      isFailing = false
    } catch (cause) {
      if (!isFailing) onFailure(cause)
      isFailing = true
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    if (pending.length > 0) writing = writing.then(write)
    return writing
  }

  return {
    name: 'stitching journal',
    read: () => [previous, current].flatMap((path) => readCalls(path, onFailure)),
    note(calls) {
      if (pending.length >= maxPending) return
      for (const call of calls) pending.push(`${encodeCall(call)}\n`)
      timer ??= setTimeout(() => void flush(), flushMs)
    },
    start() {
      try {
        makeFolderSync(dataDir)
      } catch (cause) {
        onFailure(cause)
      }
    },
    stop: flush,
  }
}

const sizeOf = (path: string): number => (existsSync(path) ? statSync(path).size : 0)

/** A line that a crash has cut short is left out. */
function readCalls(path: string, onFailure: (cause: unknown) => void): readonly RememberedCall[] {
  if (!existsSync(path)) return []
  return textOf(path, onFailure)
    .split('\n')
    .flatMap((line) => (line === '' ? [] : (decodeCall(line) ?? [])))
}

function textOf(path: string, onFailure: (cause: unknown) => void): string {
  try {
    return readOwnFileSync(path)
  } catch (cause) {
    onFailure(cause)
    return ''
  }
}
