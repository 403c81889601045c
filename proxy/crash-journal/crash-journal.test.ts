import {
  appendFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { until } from '../../shared/testing/until.ts'
import { kinds, writeResponseHead } from '../tape/messages.ts'
import { createCrashJournal } from './crash-journal.ts'
import { defaultJournalLimits, type JournalLimits } from './journal-limits.ts'
import { frameWriter, idOf } from './testing/frames.ts'
import { recoverAll } from './testing/recover.ts'

type Setup = {
  readonly limits?: Partial<JournalLimits>
  readonly bodyMaxBytes?: number
  readonly dir?: string
  readonly writeMs?: number
}

function openJournal({ limits, bodyMaxBytes = 1_000, dir = tempDir(), writeMs = 1e6 }: Setup = {}) {
  const folder = join(dir, 'run.0')
  const failures: unknown[] = []
  const forgotten: number[] = []
  const packs = { newest: 0 }
  const clock = { ms: 0 }
  const journal = createCrashJournal({
    folder,
    writeBegin: (payload) => payload.toString('latin1'),
    bodyMaxBytes,
    recorded: { newest: () => packs.newest, forget: async (number) => void forgotten.push(number) },
    monotonic: () => clock.ms,
    events: { journalFailed: (cause) => failures.push(cause), journalWorks: () => failures.push('works') },
    limits: { ...defaultJournalLimits, ...limits },
    retryMs: 1,
    writeMs,
  })
  onTestFinished(() => journal.stop?.(AbortSignal.abort()))
  return { dir, folder, journal, relay: frameWriter(journal.visit), failures, forgotten, packs, clock }
}

test('a call that had ended is shown whole, and one that had not ends where its frames end', async () => {
  const { dir, journal, relay } = openJournal()
  relay.begin(1)
  relay.request(1, 'question')
  relay.begin(2)
  relay.response(1, 'answer')
  relay.end(1)
  relay.request(2, 'other')
  relay.response(2, 'half')
  await journal.written()

  const { calls, events, begun } = await recoverAll(dir)
  expect(calls.get(idOf(1))).toEqual({
    request: 'question',
    response: 'answer',
    end: { kind: 'relayed', at: 6, requestShed: 0, responseShed: 0 },
  })
  expect(calls.get(idOf(2))).toEqual({
    request: 'other',
    response: 'half',
    end: { kind: 'process_died', at: 9, requestShed: 0, responseShed: 0 },
  })
  expect(events).toEqual([{ whole: 1, interrupted: 1 }])
  expect(begun).toBe(2)
  expect(readdirSync(dir)).toEqual([])
})

test('a call that has a record is not made again', async () => {
  const { dir, journal, relay } = openJournal()
  for (const call of [1, 2]) {
    relay.begin(call)
    relay.request(call, 'x')
    relay.end(call)
  }
  await journal.written()
  const { calls } = await recoverAll(dir, [idOf(1)])
  expect([...calls.keys()]).toEqual([idOf(2)])
})

test('a request that was not there whole never reached the upstream: there was no call', async () => {
  const { dir, journal, relay } = openJournal()
  relay.begin(1)
  relay.part(1, 'half a que')
  await journal.written()
  const { calls, events } = await recoverAll(dir)
  expect(calls.get(idOf(1))?.end?.kind).toBe('discarded')
  expect(events).toEqual([{ whole: 0, interrupted: 0 }])
})

test('files go when the records of their calls are safe; what a long call needs is carried on', async () => {
  const { dir, folder, journal, relay, forgotten, packs } = openJournal({
    limits: { fileBytes: 2_000, carryAtBytes: 8_000 },
  })
  relay.begin(1)
  relay.request(1, 'long')
  let expected = ''
  for (let call = 2; call <= 500; call++) {
    relay.begin(call)
    relay.request(call, 'short')
    relay.end(call)
    if (call % 20 === 0) {
      relay.response(1, `${call} `)
      expected += `${call} `
    }
    await journal.written()
    packs.newest = call
    journal.settle([idOf(call)])
  }
  await journal.stop?.(new AbortController().signal)
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
  expect(bytes).toBeLessThan(20_000)
  // Packs are forgotten in order, and none whose calls may still be in the journal.
  expect(forgotten).toEqual([...forgotten].sort((a, b) => a - b))
  const { calls } = await recoverAll(dir, recent(forgotten.at(-1) ?? 0, 500))
  expect([...calls.keys()]).toEqual([idOf(1)])
  expect(calls.get(idOf(1))).toMatchObject({
    request: 'long',
    response: expected,
    end: { kind: 'process_died' },
  })
})

/** Ids of the calls whose packs are not forgotten. */
const recent = (forgotten: number, last: number): string[] =>
  [...Array(last - forgotten).keys()].map((number) => idOf(forgotten + 1 + number))

test('a body beyond the limit is left out from there on, and the call says how much is missing', async () => {
  const { dir, journal, relay } = openJournal({ bodyMaxBytes: 10 })
  relay.begin(1)
  relay.request(1, 'much longer than that')
  relay.response(1, '12345678')
  relay.response(1, 'abcdef')
  relay.response(1, 'gh')
  relay.begin(2)
  relay.request(2, 'short')
  relay.response(2, 'much too long')
  relay.end(2)
  await journal.written()
  const { calls } = await recoverAll(dir)
  expect(calls.get(idOf(1))).toMatchObject({ request: '', response: '12345678', end: { requestShed: 21 } })
  expect(calls.get(idOf(2))).toMatchObject({ request: 'short', response: '', end: { responseShed: 13 } })
})

test('bodies that do not fit into what is carried on are left out; the call is still there', async () => {
  const { dir, journal, relay } = openJournal({
    limits: { fileBytes: 500, carryAtBytes: 1_000, carriedMaxBytes: 700 },
    bodyMaxBytes: 10_000,
  })
  for (const call of [1, 2]) {
    relay.begin(call)
    relay.request(call, 'q')
  }
  for (let part = 0; part < 9; part++) {
    for (const call of [1, 2]) relay.response(call, 'a'.repeat(200))
    await journal.written()
  }
  relay.end(1)
  await journal.stop?.(AbortSignal.abort())
  const { calls } = await recoverAll(dir)
  const [ended, interrupted] = [calls.get(idOf(1)), calls.get(idOf(2))]
  expect(ended).toMatchObject({ request: 'q', end: { kind: 'relayed' } })
  expect(ended?.end?.responseShed).toBe(1_800 - (ended?.response.length ?? 0))
  expect(ended?.end?.responseShed).toBeGreaterThan(0)
  expect(interrupted).toMatchObject({ request: 'q', end: { kind: 'process_died' } })
  expect(interrupted?.end?.responseShed).toBeGreaterThan(0)
})

test('the head of a response stands on disk as it may', async () => {
  const folder = join(tempDir(), 'run.0')
  const journal = createCrashJournal({
    ...{ folder, bodyMaxBytes: 1_000, monotonic: () => 0, writeHead: () => '200' },
    writeBegin: (payload) => payload.toString('latin1'),
    recorded: { newest: () => 0, forget: async () => undefined },
    events: { journalFailed: () => expect.unreachable(), journalWorks: () => undefined },
  })
  onTestFinished(() => journal.stop?.(AbortSignal.abort()))
  const relay = frameWriter(journal.visit)
  relay.begin(1)
  journal.visit(kinds.responseHead, 1, 0, Buffer.from(writeResponseHead(200, ['x-end-user', 'ada'])))
  await journal.written()
  expect(readFileSync(join(folder, '00000001.frames'), 'latin1')).not.toContain('ada')
})

test('where a link stands in the place of its folder, nothing is written or read there', async () => {
  const outside = tempDir()
  const other = openJournal({ dir: outside })
  other.relay.begin(1)
  await other.journal.written()
  const dir = join(tempDir(), 'crash-journal')
  symlinkSync(outside, dir)
  const { journal, relay, failures } = openJournal({ dir })
  relay.begin(2)
  await journal.written()
  expect(failures).toEqual([expect.objectContaining({ code: 'ELOOP' })])
  expect((await recoverAll(dir)).calls.size).toBe(0)
  expect(readdirSync(outside)).toEqual(['run.0'])
})

test('of a file that was cut off or damaged, all that is whole is read', async () => {
  const { dir, folder, journal, relay } = openJournal()
  for (const call of [1, 2, 3]) {
    relay.begin(call)
    relay.request(call, 'x')
    relay.end(call)
    await journal.written()
  }
  const path = join(folder, '00000001.frames')
  const bytes = readFileSync(path)
  const third = bytes.lastIndexOf('TTJ3')
  writeFileSync(path, bytes.fill(0xff, third + 24, third + 28))
  appendFileSync(path, 'TTJ3')
  const { calls, events } = await recoverAll(dir)
  expect([...calls.keys()]).toEqual([idOf(1), idOf(2)])
  expect(events).toContainEqual({ unreadable: bytes.length + 4 - third })
})

test('a file that a kill has cut off is no damage', async () => {
  const { dir, folder, journal, relay } = openJournal()
  for (const call of [1, 2]) {
    relay.begin(call)
    relay.end(call)
    await journal.written()
  }
  const path = join(folder, '00000001.frames')
  truncateSync(path, statSync(path).size - 1)
  expect((await recoverAll(dir)).events).toEqual([{ whole: 1, interrupted: 0 }])
})

test('a journal of another format is told of', async () => {
  const { dir, folder, journal, relay } = openJournal()
  relay.begin(1)
  await journal.written()
  const path = join(folder, '00000001.frames')
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.fill('TTJ9', 0, 4))
  const { events } = await recoverAll(dir)
  expect(events).toEqual([{ whole: 0, interrupted: 0 }, { unreadable: bytes.length }])
})

test('a disk that fails holds nobody up, and what was taken meanwhile is not said to be written', async () => {
  const dir = tempDir()
  // A file stands where the folder has to be.
  writeFileSync(join(dir, 'run.0'), '')
  const { journal, relay, failures } = openJournal({ dir })
  relay.begin(1)
  await journal.written()
  expect(failures).toEqual([expect.objectContaining({ code: 'ENOTDIR' })])
  relay.request(1, 'x')
  await expect(journal.written()).resolves.toBe(false)
})

test('a folder that is deleted underneath is noticed, and calls that begin later are journalled again', async () => {
  const { dir, folder, journal, relay, failures, clock } = openJournal()
  relay.begin(1)
  await journal.written()
  rmSync(folder, { recursive: true })
  clock.ms += 3_000
  relay.begin(2)
  await journal.written()
  expect(failures).toHaveLength(1)
  let call = 2
  await until(async () => {
    relay.begin(++call)
    relay.request(call, 'x')
    await journal.written()
    return failures.length === 2
  })
  expect(failures).toEqual([
    expect.objectContaining({ message: expect.stringContaining('deleted') }),
    'works',
  ])
  const { calls } = await recoverAll(dir)
  expect([...calls.keys()]).toEqual([idOf(call)])
})

test('a write that takes too long is given up, and holds nobody up', async () => {
  const { journal, relay, failures } = openJournal({ writeMs: 0 })
  let call = 0
  await until(async () => {
    for (let begun = 0; begun < 100; begun++) relay.begin(++call, { headers: ['x', 'y'.repeat(10_000)] })
    await journal.written()
    return failures.some((failure) => String(failure).includes('does not answer'))
  })
})

test('a stop leaves nothing where all records are safe, and else what is needed', async () => {
  const { dir, folder, journal, relay } = openJournal()
  relay.begin(1)
  await journal.written()
  await journal.stop?.(new AbortController().signal)
  expect(readdirSync(dir)).toEqual(['run.0'])
  expect(readdirSync(folder)).toHaveLength(1)

  const other = openJournal()
  other.relay.begin(1)
  await other.journal.written()
  other.journal.settle([idOf(1)])
  await other.journal.stop?.(new AbortController().signal)
  expect(readdirSync(other.dir)).toEqual([])
})
