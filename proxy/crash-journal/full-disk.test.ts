import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { until } from '../../shared/testing/until.ts'
import { createRingMemory } from '../tape/ring.ts'
import { RingReader } from '../tape/ring-reader.ts'
import { RingWriter } from '../tape/ring-writer.ts'
import { createAheadJournal } from './ahead-journal.ts'
import { createCrashJournal } from './crash-journal.ts'
import { frameWriter } from './testing/frames.ts'

vi.mock(import('node:fs'), async (original) => ({
  ...(await original()),
  // As a full disk: the file is there, and takes nothing.
  write: ((...args: readonly unknown[]) => {
    const done = args.at(-1) as (cause: Error) => void
    setImmediate(() => done(Object.assign(new Error('no space left'), { code: 'ENOSPC' })))
  }) as never,
}))

/** Makes the folder that a journal writes to. */
function emptyFolder(): string {
  const folder = join(tempDir(), 'run.0')
  mkdirSync(folder)
  return folder
}

test('a disk that stays full gathers no files of the recording thread', async () => {
  const folder = emptyFolder()
  let failures = 0
  const journal = createCrashJournal({
    ...{ folder, bodyMaxBytes: 1_000, monotonic: () => 0, retryMs: 1 },
    writeBegin: (payload) => payload.toString('latin1'),
    recorded: { newest: () => 0, forget: async () => undefined },
    events: { journalFailed: () => ++failures, journalWorks: () => expect.unreachable() },
  })
  onTestFinished(() => journal.stop?.(AbortSignal.abort()))
  const relay = frameWriter(journal.visit)
  let call = 0
  await until(async () => {
    relay.begin(++call)
    await journal.written()
    return failures >= 10
  })
  await until(async () => readdirSync(folder).length <= 2)
})

test('a disk that stays full gathers no files of the relay', async () => {
  const folder = emptyFolder()
  const memory = createRingMemory(65_536)
  const [ring, reader] = [new RingWriter(memory), new RingReader(memory)]
  let failures = 0
  const journal = createAheadJournal({
    ...{ folder, memory, ring, monotonic: () => 0, retryMs: 1 },
    mayJournal: { bodies: true, headers: true },
    onFailure: () => ++failures,
  })
  onTestFinished(() => journal.stop?.(AbortSignal.abort()))
  const relay = frameWriter((kind, call, at, payload) => {
    ring.write(kind, call, at, payload)
    journal.noted(kind)
  })
  let call = 0
  await until(async () => {
    reader.noteSafe(reader.peeked)
    relay.begin(++call)
    relay.end(call)
    reader.peek(() => undefined)
    reader.read(() => undefined)
    return failures >= 10
  })
  await until(async () => readdirSync(folder).length <= 2)
})
