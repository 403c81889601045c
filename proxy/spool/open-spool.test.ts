import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { type DropReason, type Ledger, noCounts, totalOf } from '../../shared/ledger/ledger.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { openSpool } from './open-spool.ts'
import type { Spool, SpooledPack, SpoolOptions } from './spool.ts'

const noWait = AbortSignal.abort()

test('a pack can be taken under its id, also after closing and opening again', async () => {
  const dir = tempDir()
  const first = await open(dir)
  await first.put(['{"n":1}', '{"n":2}'])
  await first.close()

  const second = await open(dir)
  const pack = await second.take(noWait)
  expect(second.origin).toBe(first.origin)
  expect(pack?.records).toBe(2)
  expect(JSON.parse(pack?.text ?? '')).toMatchObject({
    v: 1,
    id: `p-${first.origin}-1`,
    origin: first.origin,
    records: [{ n: 1 }, { n: 2 }],
  })
})

test('how long records have waited is known after a restart, and of what remains of a pack', async () => {
  const dir = tempDir()
  const first = await open(dir)
  expect(first.oldestAt()).toBeUndefined()
  await first.put(['1', '2'])
  const at = first.oldestAt()
  expect(at).toBeGreaterThan(0)
  await first.settle(await takePack(first), { ...noCounts, delivered: 1 }, ['2'])
  expect(first.oldestAt()).toBe(at)
  await first.close()

  const second = await open(dir)
  expect(second.oldestAt()).toBe(at)
  await second.settle(await takePack(second), { ...noCounts, delivered: 1 }, [])
  expect(second.oldestAt()).toBeUndefined()
})

test('a number is never used twice, even after every pack has been settled', async () => {
  const dir = tempDir()
  const first = await open(dir)
  await first.put(['1'])
  await first.settle(await takePack(first), { ...noCounts, delivered: 1 }, [])
  await first.close()

  const second = await open(dir)
  await second.put(['2'])
  expect((await takePack(second)).id).toBe(`p-${first.origin}-2`)
})

test('a settled pack is replaced by what remains of it, and its counts survive a restart', async () => {
  const dir = tempDir()
  const first = await open(dir)
  await first.put(['1', '2', '3'])
  const counts = { delivered: 1, deadLettered: 0, dropped: { sampled_out: 1 } }
  const left = await first.settle(await takePack(first), counts, ['3'])
  expect(left?.records).toBe(1)
  expect(await first.take(noWait)).toBeUndefined()
  await first.close()

  const second = await open(dir)
  expect(second.ledger()).toEqual({ ...counts, accepted: 3, spooled: 1, queued: 0 })
  expect(JSON.parse((await takePack(second)).text).records).toEqual([3])
})

test('a replayed dead letter counts as delivered, also after a restart', async () => {
  const dir = tempDir()
  const first = await open(dir)
  await first.put(['1', '2'])
  await first.settle(await takePack(first), { ...noCounts, deadLettered: 2 }, [])
  await first.replayed(1)
  await first.close()
  expect((await open(dir)).ledger()).toMatchObject({ accepted: 2, delivered: 1, deadLettered: 1 })
})

test('a pack that is put back waits at the end of the line', async () => {
  const spool = await open(tempDir())
  await spool.put(['1'])
  await spool.put(['2'])
  const first = await takePack(spool)
  spool.putBack(first)
  expect((await takePack(spool)).id).not.toBe(first.id)
  expect((await takePack(spool)).id).toBe(first.id)
})

test('a consumer that waits gets the next pack, or nothing when its wait is aborted', async () => {
  const spool = await open(tempDir())
  const waiting = new AbortController()
  const pack = spool.take(waiting.signal)
  await spool.put(['1'])
  expect((await pack)?.records).toBe(1)
  const none = spool.take(waiting.signal)
  waiting.abort()
  expect(await none).toBeUndefined()
})

test('a full spool drops the oldest pack that no consumer has taken, and counts it', async () => {
  const drops: [number, DropReason][] = []
  const spool = await open(tempDir(), {
    maxBytes: 400,
    events: { ...silent, dropped: (...drop) => drops.push(drop) },
  })
  await spool.put([`"taken ${'x'.repeat(80)}"`])
  const out = await takePack(spool)
  await spool.put(['"oldest"', `"${'x'.repeat(80)}"`])
  await spool.put([`"newest ${'x'.repeat(80)}"`])

  expect(drops).toEqual([[2, 'spool_full']])
  expect(await spool.take(noWait)).toBeUndefined()
  await spool.settle(out, { ...noCounts, delivered: 1 }, [])
  expect((await takePack(spool)).text).toContain('newest')
  expect(spool.ledger()).toEqual({
    accepted: 4,
    spooled: 1,
    queued: 0,
    delivered: 1,
    deadLettered: 0,
    dropped: { spool_full: 2 },
  })
})

test('packs that come at once are over the limit only until they are written, and the newest stays', async () => {
  let dropped = 0
  const spool = await open(tempDir(), {
    maxBytes: 400,
    events: {
      ...silent,
      dropped(records) {
        dropped += records
      },
    },
  })
  const packs = [...Array(10).keys()].map((number) => [`"pack ${number} ${'x'.repeat(80)}"`])
  await Promise.all(packs.map((records) => spool.put(records)))
  expect(spool.size().bytes).toBeLessThanOrEqual(400)
  expect(dropped).toBeGreaterThan(5)
  const texts: string[] = []
  for (let pack = await spool.take(noWait); pack !== undefined; pack = await spool.take(noWait)) {
    texts.push(pack.text)
    await spool.settle(pack, { ...noCounts, delivered: 1 }, [])
  }
  expect(texts.at(-1)).toContain('pack 9')
  expect(texts.length + dropped).toBe(10)

  await spool.put([`"larger than the spool ${'x'.repeat(800)}"`])
  expect((await takePack(spool)).text).toContain('larger')
})

test('a second spool on the same folder is rejected with one plain sentence', async () => {
  const dir = tempDir()
  await open(dir)
  await expect(open(dir)).rejects.toThrow(
    `the data folder ${dir} is in use by another process: stop that one, or set DATA_DIR`,
  )
})

test('while its folder cannot be used the spool works in memory, within its limit', async () => {
  const dir = tempDir()
  writeFileSync(join(dir, 'spool'), 'a file where the folder should be')
  const recovered = deferred()
  const failures: string[] = []
  const first = await open(dir, {
    memoryMaxBytes: 250,
    retry: { baseMs: 10, maxMs: 10 },
    events: {
      ...silent,
      spoolFailed: (operation) => failures.push(operation),
      spoolRecovered: () => recovered.resolve(),
    },
  })
  await first.put(['"kept"'])
  await first.put([`"${'x'.repeat(250)}"`])
  expect(failures).toContain('open')
  expect(first.ledger()).toMatchObject({ accepted: 2, spooled: 1, dropped: { memory_full: 1 } })

  rmSync(join(dir, 'spool'))
  await recovered.resolved
  await first.close()
  const second = await open(dir)
  expect(second.ledger()).toMatchObject({ accepted: 2, spooled: 1, dropped: { memory_full: 1 } })
  expect((await takePack(second)).text).toContain('kept')
})

test('earlier packs and counts are restored when the folder comes back, and all ids are different', async () => {
  const dir = tempDir()
  const earlier = await open(dir)
  await earlier.put(['"earlier"'])
  await earlier.close()
  const { spool, restore } = await openWithFolderAway(dir)
  await spool.put(['"meanwhile"'])

  await restore()
  expect(spool.origin).toBe(earlier.origin)
  const packs = [await takePack(spool), await takePack(spool)]
  expect(packs.map((pack) => JSON.parse(pack.text).records[0]).sort()).toEqual(['earlier', 'meanwhile'])
  expect(new Set(packs.map((pack) => pack.id)).size).toBe(2)
  expect(spool.ledger()).toMatchObject({ accepted: 2, spooled: 2 })
})

test('a deleted folder loses at most the packs in it, and they are counted', async () => {
  const dir = tempDir()
  const recovered = deferred()
  const spool = await open(dir, {
    maxBytes: 1e9,
    memoryMaxBytes: 1e9,
    retry: { baseMs: 10, maxMs: 10 },
    events: {
      ...silent,
      spoolFailed: () => {
        writtenBefore ??= written
      },
      spoolRecovered: () => recovered.resolve(),
    },
  })
  let written = 0
  let writtenBefore: number | undefined
  rmSync(join(dir, 'spool'), { recursive: true })
  // LevelDB notices when it begins a new file, after some megabytes.
  const record = JSON.stringify('x'.repeat(100_000))
  for (; written < 100; written++) await spool.put([record])
  await recovered.resolved
  await spool.put(['"after"'])

  let delivered = 0
  for (let pack = await spool.take(noWait); pack !== undefined; pack = await spool.take(noWait)) {
    await spool.settle(pack, { ...noCounts, delivered: pack.records }, [])
    delivered += pack.records
  }
  const lost = spool.ledger().dropped.spool_lost ?? 0
  expect(delivered + lost).toBe(101)
  expect(lost).toBe(writtenBefore)
  expect(spool.ledger()).toMatchObject({ accepted: 101, spooled: 0, delivered })
})

test('the ledger adds up after any sequence of operations and restarts', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('put' as const), records: fc.integer({ min: 1, max: 5 }) }),
    fc.record({
      do: fc.constantFrom('deliver', 'put back', 'publish', 'refuse', 'half', 'restart' as const),
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
          const pack = await spool.take(noWait)
          if (pack !== undefined) writes.push(Promise.resolve(finish(spool, pack, step.do)))
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

function finish(spool: Spool, pack: SpooledPack, how: 'deliver' | 'put back' | 'publish' | 'half') {
  if (how === 'put back') return spool.putBack(pack)
  if (how === 'publish') return spool.published(pack)
  const remaining = how === 'half' ? Math.floor(pack.records / 2) : 0
  const counts = { ...noCounts, delivered: pack.records - remaining }
  return spool.settle(pack, counts, Array(remaining).fill('{}')).then((left) => left && spool.putBack(left))
}

function expectBalance(ledger: Ledger, accepted: number): void {
  expect(ledger.accepted).toBe(accepted)
  expect(ledger.spooled + ledger.queued + totalOf(ledger)).toBe(accepted)
}

const silent = { dropped: () => {}, spoolFailed: () => {}, spoolRepaired: () => {}, spoolRecovered: () => {} }

async function open(dir: string, options: Partial<SpoolOptions> = {}): Promise<Spool> {
  const spool = await openSpool({ dir, maxBytes: 1e6, memoryMaxBytes: 1e6, events: silent, ...options })
  onTestFinished(spool.close)
  return spool
}

async function openWithFolderAway(dir: string) {
  renameSync(join(dir, 'spool'), join(dir, 'away'))
  writeFileSync(join(dir, 'spool'), '')
  const recovered = deferred()
  const spool = await open(dir, {
    retry: { baseMs: 10, maxMs: 10 },
    events: { ...silent, spoolRecovered: () => recovered.resolve() },
  })
  async function restore(): Promise<void> {
    rmSync(join(dir, 'spool'))
    renameSync(join(dir, 'away'), join(dir, 'spool'))
    await recovered.resolved
  }
  return { spool, restore }
}

function deferred(): { readonly resolved: Promise<void>; resolve(): void } {
  let resolve = () => {}
  const resolved = new Promise<void>((onResolve) => {
    resolve = onResolve
  })
  return { resolved, resolve: () => resolve() }
}

async function takePack(spool: Spool): Promise<SpooledPack> {
  const pack = await spool.take(noWait)
  if (pack === undefined) throw new Error('the spool has no pack')
  return pack
}
