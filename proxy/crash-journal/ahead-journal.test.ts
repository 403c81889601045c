import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { until } from '../../shared/testing/until.ts'
import { type CallBegin, kinds, writeBegin, writeResponseHead } from '../tape/messages.ts'
import { createRingMemory } from '../tape/ring.ts'
import { RingReader } from '../tape/ring-reader.ts'
import { RingWriter } from '../tape/ring-writer.ts'
import { Tap } from '../tape/tap.ts'
import { type AheadLimits, createAheadJournal, defaultAheadLimits } from './ahead-journal.ts'
import { type CrashJournal, createCrashJournal } from './crash-journal.ts'
import { defaultJournalLimits, type JournalLimits } from './journal-limits.ts'
import type { MayJournal } from './may-journal.ts'
import { readJournal } from './read-journal.ts'
import { idOf } from './testing/frames.ts'
import { recoverAll } from './testing/recover.ts'

const begin: Omit<CallBegin, 'id'> = {
  ...{ freshTraceId: 'f', startedAt: 1, method: 'POST', upstream: 'default', route: '/v1/x' },
  ...({ operation: 'chat', pathThread: '', body: 'held', headers: ['x-user-id', 'ada'] } as const),
}

type Setup = {
  readonly dir?: string
  readonly limits?: Partial<AheadLimits>
  readonly tapeBytes?: number
  readonly mayJournal?: MayJournal
}

/** @returns nothing of a file that is deleted meanwhile */
function contentOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

const everything: MayJournal = { bodies: true, headers: true }

/** A relay with its journal, and a recording thread that has not come to anything yet. */
function openRelay({ dir = tempDir(), limits, tapeBytes = 65_536, mayJournal = everything }: Setup = {}) {
  const folder = join(dir, 'run-1.0')
  const memory = createRingMemory(tapeBytes)
  const ring = new RingWriter(memory)
  const reader = new RingReader(memory)
  const failures: unknown[] = []
  const journal = createAheadJournal({
    ...{ folder, memory, ring, mayJournal, monotonic: performance.now.bind(performance), retryMs: 1 },
    onFailure: (cause) => failures.push(cause),
    limits: { ...defaultAheadLimits, pace: { everyMs: 1, burst: 1_000 }, ...limits },
  })
  onTestFinished(() => journal.stop?.(AbortSignal.abort()))
  const tap = new Tap({
    ...{ ring, spareBytes: 0, wake: () => undefined, onWritten: journal.noted },
    monotonic: () => performance.now(),
  })

  function call(number: number, text: string, credentials = '') {
    const tapped = tap.begin({ ...begin, id: idOf(number) }, 0, credentials)
    tapped.requestData(Buffer.from(text))
    tapped.requestEnd()
    tapped.responseHead(200, [])
    return tapped
  }

  const files = (): readonly string[] => (existsSync(folder) ? readdirSync(folder) : [])
  const bytes = (): string =>
    files()
      .map((name) => contentOf(join(folder, name)))
      .join('')
  /** Frees the tape without a journal. */
  const read = (): number => reader.read(() => undefined)
  return { dir, folder, ring, reader, journal, call, bytes, read, failures }
}

type ThreadSetup = {
  readonly bodyMaxBytes?: number
  readonly limits?: Partial<JournalLimits>
  readonly onFailure?: (cause: unknown) => void
  readonly retryMs?: number
}

function journalOfThread(folder: string, setup: ThreadSetup = {}): CrashJournal {
  const { bodyMaxBytes = 1_000, limits, onFailure = rethrow, retryMs = 1e6 } = setup
  const journal = createCrashJournal({
    ...{ folder, bodyMaxBytes, retryMs, monotonic: () => 0 },
    limits: { ...defaultJournalLimits, ...limits },
    writeBegin: (payload) => payload.toString('latin1'),
    recorded: { newest: () => 0, forget: async () => undefined },
    events: {
      journalFailed: onFailure,
      journalWorks: () => undefined,
    },
  })
  onTestFinished(() => journal.stop?.(AbortSignal.abort()))
  return journal
}

function rethrow(cause: unknown): never {
  throw cause
}

/** As the recording thread does when it looks at the tape. */
async function take(reader: RingReader, journal: CrashJournal): Promise<void> {
  reader.peek(journal.visit)
  const end = reader.peeked
  if (await journal.written()) reader.noteSafe(end)
}

/** @returns `<call> <kind>` of each frame that a recovery would be shown */
async function framesIn(folder: string): Promise<readonly string[]> {
  let shown: string[] = []
  await until(async () => {
    shown = []
    if (!existsSync(folder)) return true
    // A file that is of no use any more may be deleted meanwhile.
    const reading = readJournal(folder, (kind, number) => shown.push(`${number} ${kind}`))
    return reading.then(
      () => true,
      () => false,
    )
  })
  return shown
}

const bytesOfThread = (folder: string): string =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.frames'))
    .map((name) => contentOf(join(folder, name)))
    .join('')

/** Lets the next file that the recording thread begins fail: there is one already. */
function letNextFileFail(folder: string): void {
  const numbers = existsSync(folder)
    ? readdirSync(folder).map((name) => Number(/^(\d+)\.frames$/.exec(name)?.[1] ?? 0))
    : []
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${String(Math.max(0, ...numbers) + 1).padStart(8, '0')}.frames`), '')
}

test('what the recording thread has not come to is recovered all the same, and no credential stands on disk', async () => {
  const { dir, call, bytes } = openRelay()
  call(1, 'whole', 'Bearer sk-secret\n').end({ kind: 'relayed' }, 5)
  call(2, 'half').responseData(Buffer.from('an answ'))
  await until(() => bytes().includes('an answ'))
  expect(bytes()).not.toContain('sk-secret')
  // Nobody can say any more whose call it was: it is linked to no other.
  expect(bytes()).toContain(`threadtap-tenant\n${idOf(1)}`)
  expect(bytes()).not.toContain(`threadtap-tenant\n${idOf(2)}`)
  const { calls } = await recoverAll(dir)
  expect(calls.get(idOf(1))).toMatchObject({ request: 'whole', end: { kind: 'relayed' } })
  expect(calls.get(idOf(2))).toMatchObject({ response: 'an answ', end: { kind: 'process_died' } })
})

test('where bodies may not stand on disk, the relay says how long they were', async () => {
  const { dir, call, bytes } = openRelay({ mayJournal: { bodies: false, headers: true } })
  call(1, 'secret question').end({ kind: 'relayed' }, 15)
  call(2, 'secret, too').responseData(Buffer.from('secret answer'))
  call(3, 'last').end({ kind: 'relayed' }, 4)
  await until(() => bytes().includes(idOf(3)))
  expect(bytes()).not.toContain('secret')
  expect(bytes()).toContain('x-user-id\nada')
  const { calls } = await recoverAll(dir)
  expect(calls.get(idOf(1))).toMatchObject({ request: '', end: { kind: 'relayed', requestShed: 15 } })
  expect(calls.get(idOf(2))).toMatchObject({
    end: { kind: 'process_died', requestShed: 11, responseShed: 13 },
  })
})

test('where header fields may not stand on disk as they are, the relay writes none of them', async () => {
  const { dir, ring, call, bytes, journal } = openRelay({ mayJournal: { bodies: false, headers: false } })
  const paths = { route: '/v1/files/secret', pathThread: 'secret-thread' }
  const named = { ...begin, ...paths, id: idOf(7), headers: ['x-user-id', 'secret'] }
  ring.writeLatin1(kinds.begin, 7, 0, writeBegin(named))
  ring.writeLatin1(kinds.requestEnd, 7, 0, '')
  ring.writeLatin1(kinds.responseHead, 7, 0, writeResponseHead(200, ['x-echo', 'secret']))
  journal.noted(kinds.responseHead)
  call(8, 'secret').end({ kind: 'relayed' }, 6)
  await until(() => bytes().includes(idOf(8)))
  expect(bytes()).not.toContain('secret')
  expect(bytes()).not.toContain('ada')
  const { calls } = await recoverAll(dir)
  expect([...calls.keys()]).toEqual([idOf(7), idOf(8)])
})

test('however far the recording thread has come, each frame is shown once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('call', 'take', 'wait', 'fail'), { minLength: 1, maxLength: 20 }),
      async (steps) => {
        const { folder, reader, call, bytes } = openRelay({ limits: { fileBytes: 300 } })
        // Each batch is a file of its own, so that each may fail; it goes on right afterwards.
        const limits = { fileBytes: 1 }
        const journal = journalOfThread(folder, { limits, onFailure: () => undefined, retryMs: 1 })
        let calls = 0
        for (const step of steps) {
          if (step === 'call') call(++calls, `request ${calls};`).end({ kind: 'relayed' }, 1)
          if (step === 'fail') letNextFileFail(folder)
          if (step === 'take') await take(reader, journal)
          if (step === 'wait' && calls > 0) await until(() => bytes().includes(`request ${calls};`))
        }
        if (calls > 0) await until(() => bytes().includes(`request ${calls};`))
        const shown = await framesIn(folder)
        const expected = [...Array(calls).keys()].flatMap((number) =>
          [1, 2, 8, 4, 6].map((kind) => `${number + 1} ${kind}`),
        )
        expect(shown).toEqual(expected)
        await journal.stop?.(AbortSignal.abort())
      },
    ),
    { numRuns: 30 },
  )
})

test('while the journal of the recording thread rests after a failure, the relay keeps what nobody else has', async () => {
  const { dir, folder, reader, call, bytes } = openRelay()
  const failures: unknown[] = []
  const journal = journalOfThread(folder, { onFailure: (cause) => failures.push(cause) })
  letNextFileFail(folder)
  call(1, 'before').end({ kind: 'relayed' }, 6)
  await take(reader, journal)
  expect(failures).toMatchObject([{ code: 'EEXIST' }])
  call(2, 'meanwhile').end({ kind: 'relayed' }, 9)
  // At once: the relay has not come to write it.
  await take(reader, journal)
  await until(() => bytes().includes('meanwhile'))
  const { calls } = await recoverAll(dir)
  expect([...calls.keys()]).toEqual([idOf(1), idOf(2)])
})

test('when it has gone on, the relay keeps that until the calls of that time have records', async () => {
  const { folder, ring, reader, call } = openRelay()
  const journal = journalOfThread(folder, { onFailure: () => undefined, retryMs: 1 })
  letNextFileFail(folder)
  const long = call(1, 'before')
  await take(reader, journal)
  let number = 1
  await until(async () => {
    call(++number, 'later').end({ kind: 'relayed' }, 5)
    await take(reader, journal)
    return bytesOfThread(folder).includes('later')
  })
  long.end({ kind: 'relayed' }, 6)
  await take(reader, journal)
  expect(ring.safeFrames).toBe(0)
  expect(await framesIn(folder)).toHaveLength(ring.frames)
  journal.settle([...Array(number).keys()].map((index) => idOf(index + 1)))
  call(number + 1, 'after')
  await take(reader, journal)
  expect(ring.safeFrames).toBe(ring.frames)
})

test('files go when the journal of the recording thread has what is in them', async () => {
  const { folder, reader, call, bytes } = openRelay({ limits: { fileBytes: 1_000 } })
  for (let number = 1; number <= 100; number++) {
    call(number, `request ${number};`).end({ kind: 'relayed' }, 1)
    await until(() => bytes().includes(`request ${number};`))
    reader.peek(() => undefined)
    reader.noteSafe(reader.peeked)
  }
  // Some 30,000 bytes went by.
  expect(bytes().length).toBeLessThan(5_000)
  expect(readdirSync(folder).length).toBeLessThan(5)
})

test('files that nobody takes over have a limit: first bodies are left out, then the oldest go', async () => {
  const { dir, call, bytes } = openRelay({ limits: { fileBytes: 500, fullBytes: 2_000, maxBytes: 4_000 } })
  for (let number = 1; number <= 100; number++) {
    call(number, 'x'.repeat(20)).end({ kind: 'relayed' }, 20)
    await until(() => bytes().includes(idOf(number)))
  }
  expect(bytes().length).toBeLessThan(6_000)
  const { calls } = await recoverAll(dir)
  expect(calls.has(idOf(1))).toBe(false)
  expect(calls.get(idOf(100))).toMatchObject({ request: '', end: { kind: 'relayed', requestShed: 20 } })
})

test('a disk that fails is told of, and calls that come later are journalled again', async () => {
  const dir = tempDir()
  // A file stands where the folder has to be.
  writeFileSync(join(dir, 'run-1.0'), '')
  const { call, failures } = openRelay({ dir })
  call(1, 'lost').end({ kind: 'relayed' }, 1)
  await until(() => failures.length > 0)
  expect(failures[0]).toMatchObject({ code: 'ENOTDIR' })
  rmSync(join(dir, 'run-1.0'))
  let number = 1
  await until(async () => {
    call(++number, 'kept').end({ kind: 'relayed' }, 1)
    return readdirSync(dir).length > 0
  })
})

test('where the relay has come around the tape meanwhile, it goes on with what is there now', async () => {
  const { call, bytes, read } = openRelay({ tapeBytes: 4_096 })
  // All in one turn of the loop: no write can come between.
  for (let number = 1; number <= 100; number++) {
    call(number, 'overwritten').end({ kind: 'relayed' }, 1)
    read()
  }
  await new Promise(setImmediate)
  call(101, 'newest').end({ kind: 'relayed' }, 1)
  await until(() => bytes().includes('newest'))
  expect(bytes()).not.toContain('overwritten')
})

test('what is safe by now is passed over at once: what comes behind it does not wait for its bytes', async () => {
  const { call, reader, bytes } = openRelay({
    limits: { batchBytes: 1_000, pace: { everyMs: 1e9, burst: 1 } },
  })
  for (let number = 1; number <= 50; number++) call(number, 'x'.repeat(500)).end({ kind: 'relayed' }, 500)
  reader.peek(() => undefined)
  reader.noteSafe(reader.peeked)
  call(51, 'newest').end({ kind: 'relayed' }, 6)
  await until(async () => bytes().includes('newest'))
  expect(bytes()).not.toContain('xxx')
})

test('bytes that do not fit into one write are written by the next ones, whatever the pace', async () => {
  const pace = { everyMs: 1e9, burst: 1 }
  const { call, bytes } = openRelay({ limits: { batchBytes: 1_000, pace, behindMs: 1e9 } })
  for (let number = 1; number <= 50; number++) call(number, 'x'.repeat(500)).end({ kind: 'relayed' }, 500)
  call(51, 'newest').end({ kind: 'relayed' }, 6)
  await until(async () => bytes().includes('newest'))
})

test('that a call has begun and ended does not wait for bodies in front of it', async () => {
  const { dir, call, bytes } = openRelay({ limits: { batchBytes: 1_000, behindMs: 0 }, tapeBytes: 1_048_576 })
  for (let number = 1; number <= 200; number++) call(number, 'x'.repeat(500)).end({ kind: 'relayed' }, 500)
  await until(() => bytes().includes(idOf(200)))
  expect(bytes().length).toBeLessThan(200 * 500)
  const { calls } = await recoverAll(dir)
  expect(calls.size).toBe(200)
  const ofFirst = { request: 'x'.repeat(500), end: { kind: 'relayed', requestShed: 0 } }
  const ofLast = { request: '', end: { kind: 'relayed', requestShed: 500 } }
  expect(calls.get(idOf(1))).toMatchObject(ofFirst)
  expect(calls.get(idOf(200))).toMatchObject(ofLast)
})

test('a call whose credentials alone the recording thread has come to is of an unknown tenant', async () => {
  const { call, ring, journal, reader, bytes } = openRelay()
  ring.writeLatin1(kinds.credentials, 1, 0, 'Bearer sk-secret')
  reader.peek(() => undefined)
  reader.noteSafe(reader.peeked)
  ring.writeLatin1(kinds.begin, 1, 0, writeBegin({ ...begin, id: idOf(1) }))
  ring.writeLatin1(kinds.end, 1, 0, 'r1')
  journal.noted(kinds.end)
  await until(async () => bytes().includes(idOf(1)))
  expect(bytes()).toContain(`threadtap-tenant\n${idOf(1)}`)
  call(2, 'without credentials')
  await until(async () => bytes().includes(idOf(2)))
  expect(bytes()).not.toContain(`threadtap-tenant\n${idOf(2)}`)
})

test('a body that the recording thread leaves out is no gap: what comes behind it is recovered', async () => {
  const { dir, folder, call, reader, bytes } = openRelay()
  const journal = journalOfThread(folder, { bodyMaxBytes: 10 })
  const long = call(1, 'short')
  for (const part of ['more than ten', 'and more']) {
    long.responseData(Buffer.from(part))
    await take(reader, journal)
  }
  call(2, 'newest').end({ kind: 'relayed' }, 6)
  await until(() => bytes().includes('newest'))
  const { calls } = await recoverAll(dir)
  expect([...calls.keys()]).toEqual([idOf(1), idOf(2)])
})
