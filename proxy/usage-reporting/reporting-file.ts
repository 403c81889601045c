import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isJsonObject, parseJson } from '../../shared/json.ts'
import { makeFolder } from '../../shared/make-folder.ts'
import { readFlags } from '../../shared/no-links.ts'
import { writeAtomically } from '../../shared/write-atomically.ts'
import { maxPairs } from './reporting.ts'
import { decodeLearned, type StoredPair } from './stored-reporting.ts'

/** What was learned, on local disk across restarts. */
export type ReportingFile = {
  /** @returns nothing where there is no file, or it is damaged */
  read(): Promise<readonly StoredPair[]>
  /** Writes soon, and once for all changes meanwhile. */
  changed(): void
  /** Writes what is not written yet. */
  flush(): Promise<void>
}

export type ReportingFileOptions = {
  readonly path: string
  readonly now: () => number
  /** What is known when it is written. */
  readonly pairs: () => readonly StoredPair[]
  /** It cannot be written: what was learned is learned again after a restart. */
  readonly onFailure: (cause: unknown) => void
}

const writeDelayMs = 500
/** Far beyond what this program writes. */
const maxFileBytes = 16_777_216

export function createReportingFile({ path, now, pairs, onFailure }: ReportingFileOptions): ReportingFile {
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  async function write(): Promise<void> {
    try {
      await makeFolder(dirname(path))
      await writeAtomically(path, JSON.stringify({ v: 1, pairs: pairs() }))
    } catch (cause) {
      onFailure(cause)
    }
  }

  function writeNow(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(write)
    return writing
  }

  return {
    async read() {
      const text = await readFile(path, { encoding: 'utf8', flag: readFlags }).catch(() => '')
      return text.length > maxFileBytes ? [] : decode(text, now())
    },
    changed: () => {
      timer ??= setTimeout(writeNow, writeDelayMs).unref()
    },
    flush: () => (timer === undefined ? writing : writeNow()),
  }
}

function decode(text: string, now: number): readonly StoredPair[] {
  const file = parseJson(text)
  if (!isJsonObject(file) || !Array.isArray(file.pairs)) return []
  return file.pairs.slice(0, maxPairs).flatMap((entry: unknown): readonly StoredPair[] => {
    const [pair, value] = Array.isArray(entry) ? entry : []
    const learned = decodeLearned(value, now)
    return typeof pair === 'string' && learned !== undefined ? [[pair, learned]] : []
  })
}
