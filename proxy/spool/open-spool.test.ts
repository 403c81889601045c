import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { type DropReason, type Ledger, noCounts, totalOf } from '../../shared/ledger/ledger.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { openSpool } from './open-spool.ts'
import type { Spool, SpooledPack, SpoolOptions } from './spool.ts'

const now = AbortSignal.abort()

test('a pack that was put is handed out with its id, and is there after closing and opening again', async () => {
  const dir = tempDir()
  const first = await open(dir)
  await first.put(['{"n":1}', '{"n":2}'])
  await first.close()

  const second = await open(dir)
  const pack = await second.take(now)
  expect(second.origin).toBe(first.origin)
  expect(pack?.records).toBe(2)
  expect(JSON.parse(pack?.text ?? '')).toEqual({
    v: 1,
    id: `p-${first.origin}-1`,
    origin: first.origin,
    records: [{ n: 1 }, { n: 2 }],
  })
})

test('a number is never used twice, even after all packs have gone', async () => {
  const dir = tempDir()
  const first = await open(dir)
  await first.put(['1'])
  await first.settle(await taken(first), { ...noCounts, delivered: 1 }, [])
  await first.close()

  const second = await open(dir)
  await second.put(['2'])
  expect((await taken(second)).id).toBe(`p-${first.origin}-2`)
})

test('a settled pack is replaced by what remains of it, and its counts outlive the process', async () => {
  const dir = tempDir()
  const first = await open(dir)
  await first.put(['1', '2', '3'])
  const counts = { delivered: 1, deadLettered: 0, dropped: { sampled_out: 1 } }
  const left = await first.settle(await taken(first), counts, ['3'])
  expect(left?.records).toBe(1)
  expect(await first.take(now)).toBeUndefined()
  await first.close()

  const second = await open(dir)
  expect(second.ledger()).toEqual({ ...counts, accepted: 3, spooled: 1, queued: 0 })
  expect(JSON.parse((await taken(second)).text).records).toEqual([3])
})

test('a dead letter that is replayed is a delivered record from then on, after a restart too', async () => {
  const dir = tempDir()
  const first = await open(dir)
  await first.put(['1', '2'])
  await first.settle(await taken(first), { ...noCounts, deadLettered: 2 }, [])
  await first.replayed(1)
  await first.close()
  expect((await open(dir)).ledger()).toMatchObject({ accepted: 2, delivered: 1, deadLettered: 1 })
})

test('a pack that is given back waits at the end of the line', async () => {
  const spool = await open(tempDir())
  await spool.put(['1'])
  await spool.put(['2'])
  const first = await taken(spool)
  spool.putBack(first)
  expect((await taken(spool)).id).not.toBe(first.id)
  expect((await taken(spool)).id).toBe(first.id)
})

test('whoever waits for a pack gets it when it comes, and nothing when waiting is over', async () => {
  const spool = await open(tempDir())
  const over = new AbortController()
  const pack = spool.take(over.signal)
  await spool.put(['1'])
  expect((await pack)?.records).toBe(1)
  const none = spool.take(over.signal)
  over.abort()
  expect(await none).toBeUndefined()
})

test('a full spool drops the oldest pack that nobody has taken, and counts it', async () => {
  const drops: [number, DropReason][] = []
  const spool = await open(tempDir(), {
    maxBytes: 400,
    events: { ...silent, dropped: (...drop) => drops.push(drop) },
  })
  await spool.put([`"taken ${'x'.repeat(80)}"`])
  const out = await taken(spool)
  await spool.put(['"oldest"', `"${'x'.repeat(80)}"`])
  await spool.put([`"newest ${'x'.repeat(80)}"`])

  expect(drops).toEqual([[2, 'spool_full']])
  expect((await taken(spool)).text).toContain('newest')
  expect(await spool.take(now)).toBeUndefined()
  await spool.settle(out, { ...noCounts, delivered: 1 }, [])
  expect(spool.ledger()).toEqual({
    accepted: 4,
    spooled: 1,
    queued: 0,
    delivered: 1,
    deadLettered: 0,
    dropped: { spool_full: 2 },
  })
})

test('a second spool on the same folder is refused with one plain sentence', async () => {
  const dir = tempDir()
  await open(dir)
  await expect(open(dir)).rejects.toThrow(`The folder ${join(dir, 'spool')} is in use by another process.`)
})

test('a folder that cannot be used makes it work in memory, within bounds, until the folder can be', async () => {
  const dir = tempDir()
  writeFileSync(join(dir, 'spool'), 'a file where the folder should be')
  const recovered = signal()
  const failures: string[] = []
  const first = await open(dir, {
    memoryMaxBytes: 250,
    retry: { baseMs: 10, maxMs: 10 },
    events: {
      ...silent,
      spoolFailed: (operation) => failures.push(operation),
      spoolRecovered: () => recovered.give(),
    },
  })
  await first.put(['"kept"'])
  await first.put([`"${'x'.repeat(250)}"`])
  expect(failures).toContain('open')
  expect(first.ledger()).toMatchObject({ accepted: 2, spooled: 1, dropped: { memory_full: 1 } })

  rmSync(join(dir, 'spool'))
  await recovered.given
  await first.close()
  const second = await open(dir)
  expect(second.ledger()).toMatchObject({ accepted: 2, spooled: 1, dropped: { memory_full: 1 } })
  expect((await taken(second)).text).toContain('kept')
})

test('packs and counts from before are found when the folder comes back, and all ids are different', async () => {
  const dir = tempDir()
  const earlier = await open(dir)
  await earlier.put(['"earlier"'])
  await earlier.close()
  const { spool, restore } = await openWithFolderAway(dir)
  await spool.put(['"meanwhile"'])

  await restore()
  expect(spool.origin).toBe(earlier.origin)
  const packs = [await taken(spool), await taken(spool)]
  expect(packs.map((pack) => JSON.parse(pack.text).records[0]).sort()).toEqual(['earlier', 'meanwhile'])
  expect(new Set(packs.map((pack) => pack.id)).size).toBe(2)
  expect(spool.ledger()).toMatchObject({ accepted: 2, spooled: 2 })
})

test('a deleted folder costs at most what was in it, and the loss is counted', async () => {
  const dir = tempDir()
  const recovered = signal()
  const spool = await open(dir, {
    maxBytes: 1e9,
    memoryMaxBytes: 1e9,
    retry: { baseMs: 10, maxMs: 10 },
    events: {
      ...silent,
      spoolFailed: () => {
        writtenBefore ??= written
      },
      spoolRecovered: () => recovered.give(),
    },
  })
  let written = 0
  let writtenBefore: number | undefined
  rmSync(join(dir, 'spool'), { recursive: true })
  // LevelDB notices when it begins a new file, after some megabytes.
  const record = JSON.stringify('x'.repeat(100_000))
  for (; written < 100; written++) await spool.put([record])
  await recovered.given
  await spool.put(['"after"'])

  let delivered = 0
  for (let pack = await spool.take(now); pack !== undefined; pack = await spool.take(now)) {
    await spool.settle(pack, { ...noCounts, delivered: pack.records }, [])
    delivered += pack.records
  }
  const lost = spool.ledger().dropped.spool_lost ?? 0
  expect(delivered + lost).toBe(101)
  expect(lost).toBe(writtenBefore)
  expect(spool.ledger()).toMatchObject({ accepted: 101, spooled: 0, delivered })
})

test('the ledger adds up at every moment, whatever is done in whatever order, and after every restart', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('put' as const), records: fc.integer({ min: 1, max: 5 }) }),
    fc.record({
      do: fc.constantFrom('deliver', 'give back', 'publish', 'refuse', 'half', 'restart' as const),
    }),
  )
  const root = tempDir()
  let runs = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const dir = join(root, String(runs++))
      let spool = await openSpool({ dir, maxBytes: 600, memoryMaxBytes: 0, events: silent })
      let accepted = 0
      const writes: Promise<unknown>[] = []
      for (const step of steps) {
        if (step.do === 'put') {
          accepted += step.records
          writes.push(spool.put(Array(step.records).fill('{}')))
        } else if (step.do === 'refuse') {
          accepted += 1
          spool.reject(1, 'unwritable')
        } else if (step.do === 'restart') {
          await Promise.all(writes)
          await spool.close()
          spool = await openSpool({ dir, maxBytes: 600, memoryMaxBytes: 0, events: silent })
        } else {
          const pack = await spool.take(now)
          if (pack !== undefined) writes.push(Promise.resolve(work(spool, pack, step.do)))
        }
        expectBalance(spool.ledger(), accepted)
      }
      await Promise.all(writes)
      expectBalance(spool.ledger(), accepted)
      await spool.close()
    }),
    { numRuns: 60 },
  )
})

function work(spool: Spool, pack: SpooledPack, how: 'deliver' | 'give back' | 'publish' | 'half') {
  if (how === 'give back') return spool.putBack(pack)
  if (how === 'publish') return spool.published(pack)
  const remaining = how === 'half' ? Math.floor(pack.records / 2) : 0
  const counts = { ...noCounts, delivered: pack.records - remaining }
  return spool.settle(pack, counts, Array(remaining).fill('{}')).then((left) => left && spool.putBack(left))
}

function expectBalance(ledger: Ledger, accepted: number): void {
  expect(ledger.accepted).toBe(accepted)
  expect(ledger.spooled + ledger.queued + totalOf(ledger)).toBe(accepted)
}

const silent = { dropped: () => {}, spoolFailed: () => {}, spoolRecovered: () => {} }

async function open(dir: string, options: Partial<SpoolOptions> = {}): Promise<Spool> {
  const spool = await openSpool({ dir, maxBytes: 1e6, memoryMaxBytes: 1e6, events: silent, ...options })
  onTestFinished(spool.close)
  return spool
}

async function openWithFolderAway(dir: string) {
  renameSync(join(dir, 'spool'), join(dir, 'away'))
  writeFileSync(join(dir, 'spool'), '')
  const recovered = signal()
  const spool = await open(dir, {
    retry: { baseMs: 10, maxMs: 10 },
    events: { ...silent, spoolRecovered: () => recovered.give() },
  })
  async function restore(): Promise<void> {
    rmSync(join(dir, 'spool'))
    renameSync(join(dir, 'away'), join(dir, 'spool'))
    await recovered.given
  }
  return { spool, restore }
}

function signal(): { readonly given: Promise<void>; give(): void } {
  let give = () => {}
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  return { given, give: () => give() }
}

async function taken(spool: Spool): Promise<SpooledPack> {
  const pack = await spool.take(now)
  if (pack === undefined) throw new Error('the spool has no pack')
  return pack
}
