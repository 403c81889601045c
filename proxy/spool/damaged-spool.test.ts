import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { expect, test } from 'vitest'
import { noCounts, totalOf } from '../../shared/ledger/ledger.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { until } from '../../shared/testing/until.ts'
import { silentSpool, testSpool } from '../testing/test-spool.ts'
import type { Spool } from './spool.ts'

const noWait = AbortSignal.abort()

test('records whose end of the log was cut off are counted as lost', async () => {
  const dir = await filledSpool(10)
  const log = join(dir, 'spool', logOf(dir))
  truncateSync(log, statSync(log).size - 5_000)

  const { spool, drops } = await openCounting(dir)
  const { accepted, spooled, dropped } = spool.ledger()
  expect(accepted).toBe(20)
  expect(dropped.spool_lost).toBeGreaterThan(0)
  expect(spooled + (dropped.spool_lost ?? 0)).toBe(20)
  expect(drops).toEqual([[dropped.spool_lost, 'spool_lost']])
  await spool.put(['1'])
  expect((await takeAll(spool)).at(-1)?.id).toBe(`p-${spool.origin}-11`)
})

test('a spool that was deleted between two starts is counted as lost, and its numbers are not used again', async () => {
  const dir = await filledSpool(3)
  rmSync(join(dir, 'spool'), { recursive: true })
  const { spool } = await openCounting(dir)
  expect(spool.ledger()).toEqual({
    ...noCounts,
    accepted: 6,
    spooled: 0,
    queued: 0,
    dropped: { spool_lost: 6 },
  })
  await spool.put(['1'])
  expect((await takeAll(spool))[0]?.id).toBe(`p-${spool.origin}-4`)
})

test('packs that are missing when the spool is opened are counted as lost', async () => {
  const dir = await filledSpool(3)
  const level = new ClassicLevel(join(dir, 'spool'))
  const [first] = await level.keys({ gt: 'pack!', lt: 'pack"' }).all()
  await level.del(first ?? '')
  await level.close()
  const { spool, drops } = await openCounting(dir)
  expect(spool.ledger()).toMatchObject({ accepted: 6, spooled: 4, dropped: { spool_lost: 2 } })
  expect(drops).toEqual([[2, 'spool_lost']])
})

test.each([
  ['are known to be settled, and are not delivered again', true, { accepted: 4, spooled: 0, delivered: 4 }],
  ['are delivered again where nothing tells', false, { accepted: 4, spooled: 4, delivered: 0 }],
] as const)('packs that come back after they were settled %s', async (_what, hasCopy, expected) => {
  const dir = await filledSpool(2)
  const level = new ClassicLevel<string, string>(join(dir, 'spool'))
  const texts = await level.iterator({ gt: 'pack!', lt: 'pack"' }).all()
  await level.close()
  const settling = await testSpool({ dir })
  for (const pack of await takeAll(settling)) {
    await settling.settle(pack, { ...noCounts, delivered: pack.records }, [])
  }
  await settling.close()
  const older = new ClassicLevel<string, string>(join(dir, 'spool'))
  await older.batch(texts.map(([key, value]) => ({ type: 'put', key, value })))
  await older.close()
  if (!hasCopy) rmSync(join(dir, 'spool-ledger.json'))

  const { spool } = await openCounting(dir)
  expect(spool.ledger()).toMatchObject(expected)
  expect(await takeAll(spool)).toHaveLength(expected.spooled / 2)
})

test('a database that comes back as it was earlier takes back nothing that was delivered, and loses nothing silently', async () => {
  const dir = await filledSpool(2)
  cpSync(join(dir, 'spool'), join(dir, 'earlier'), { recursive: true })
  const going = await testSpool({ dir })
  for (const pack of await takeAll(going)) {
    await going.settle(pack, { ...noCounts, delivered: pack.records }, [])
  }
  await going.put(['1', '2', '3'])
  await going.close()
  rmSync(join(dir, 'spool'), { recursive: true })
  renameSync(join(dir, 'earlier'), join(dir, 'spool'))

  const { spool, drops } = await openCounting(dir)
  expect(spool.ledger()).toMatchObject({ accepted: 7, spooled: 0, delivered: 4, dropped: { spool_lost: 3 } })
  expect(drops).toEqual([[3, 'spool_lost']])
  await spool.close()
  expect((await openCounting(dir)).spool.ledger()).toMatchObject({ accepted: 7, delivered: 4 })
})

test('what is rejected is on disk without a later pack, so that a process that is killed does not forget it', async () => {
  const dir = tempDir()
  const spool = await testSpool({ dir })
  spool.reject(3, 'recorder_full')
  // Written after the database was.
  const copy = join(dir, 'spool-ledger.json')
  await until(() => existsSync(copy) && readFileSync(copy, 'utf8').includes('\\"recorder_full\\":3'))
})

test('a disk that takes long to answer is said to hang, and to work again', async () => {
  const log: string[] = []
  const spool = await testSpool({
    answerMs: 0,
    events: {
      ...silentSpool,
      spoolFailed: (operation, cause) => log.push(`${operation}: ${String(cause)}`),
      spoolRecovered: () => log.push('recovered'),
    },
  })
  // Takes the disk longer than a turn of the event loop.
  await spool.put([JSON.stringify('x'.repeat(20_000_000))])
  expect(log.slice(0, 2)).toEqual(['write: Error: The disk of the spool does not answer.', 'recovered'])
})

test('a data folder deleted underneath is noticed, made anew, and loses nothing that memory can hold', async () => {
  const dir = join(tempDir(), 'data')
  mkdirSync(dir)
  const log: string[] = []
  const spool = await testSpool({
    dir,
    lookEveryMs: 5,
    retry: { baseMs: 5, maxMs: 5 },
    events: {
      ...silentSpool,
      spoolFailed: (operation, cause) => log.push(`${operation}: ${String(cause)}`),
      spoolRecovered: () => log.push('recovered'),
    },
  })
  await spool.put(['"before"'])
  deleteAtOnce(dir)
  await spool.put(['"while nobody has noticed"'])
  await until(() => log.includes('recovered'))
  expect(log[0]).toContain(`The folder ${join(dir, 'spool')} was deleted or replaced.`)
  await spool.put(['"after"'])
  await spool.close()

  expect(existsSync(join(dir, 'spool'))).toBe(true)
  const { spool: again } = await openCounting(dir)
  expect(again.ledger()).toMatchObject({ accepted: 3, spooled: 3, dropped: {} })
  const texts = (await takeAll(again)).map(({ text }) => text).join()
  for (const record of ['before', 'while nobody', 'after']) expect(texts).toContain(record)
})

test('what memory cannot hold of a deleted folder is counted as lost', async () => {
  const dir = tempDir()
  let recovered = false
  const spool = await testSpool({
    dir,
    lookEveryMs: 5,
    memoryMaxBytes: 3_000,
    retry: { baseMs: 5, maxMs: 5 },
    events: {
      ...silentSpool,
      spoolRecovered: () => {
        recovered = true
      },
    },
  })
  for (let pack = 0; pack < 10; pack++) await spool.put([`"${'x'.repeat(1_000)}"`])
  deleteAtOnce(join(dir, 'spool'))
  await until(() => recovered)
  expect((await takeAll(spool)).length).toBe(2)
  const ledger = spool.ledger()
  expect(ledger).toMatchObject({ accepted: 10, spooled: 2, dropped: { spool_lost: 8 } })
  expect(ledger.spooled + totalOf(ledger)).toBe(10)
})

test('in a small spool consumers cannot hold so much that the newest would have to go', async () => {
  const drops: [number, string][] = []
  const spool = await testSpool({
    maxBytes: 10_000,
    events: { ...silentSpool, dropped: (...drop) => void drops.push(drop) },
  })
  const taken: string[] = []
  for (let pack = 0; pack < 30; pack++) {
    await spool.put([`"${pack} ${'x'.repeat(900)}"`])
    const next = await spool.take(noWait)
    if (next !== undefined) taken.push(next.id)
    expect(spool.size().bytes).toBeLessThanOrEqual(10_000)
  }
  expect(taken.length).toBe(5)
  expect(drops.every(([, reason]) => reason === 'spool_full')).toBe(true)
  // What waits are the last ones.
  const waiting = await testSpoolTexts(spool, taken)
  expect(waiting.at(-1)).toContain('"29 ')
})

/** What is written meanwhile cannot come between: a folder that is emptied file by file may get another one. */
function deleteAtOnce(folder: string): void {
  const gone = join(tempDir(), 'gone')
  renameSync(folder, gone)
  rmSync(gone, { recursive: true })
}

/** Packs of two records, and the spool closed. @returns its data folder */
async function filledSpool(packs: number): Promise<string> {
  const dir = tempDir()
  const spool = await testSpool({ dir })
  for (let pack = 0; pack < packs; pack++) await spool.put([`"${'x'.repeat(1_000)}"`, '2'])
  await spool.close()
  return dir
}

async function openCounting(dir: string) {
  const drops: [number, string][] = []
  const events = { ...silentSpool, dropped: (...drop: [number, string]) => void drops.push(drop) }
  return { spool: await testSpool({ dir, events }), drops }
}

const logOf = (dir: string): string =>
  readdirSync(join(dir, 'spool')).find((name) => name.endsWith('.log')) ?? 'no log'

async function takeAll(spool: Spool) {
  const packs = []
  for (let pack = await spool.take(noWait); pack !== undefined; pack = await spool.take(noWait)) {
    packs.push(pack)
  }
  return packs
}

/** Frees what was taken, by its id, so that the rest can be. */
async function testSpoolTexts(spool: Spool, taken: readonly string[]): Promise<readonly string[]> {
  await spool.settlePublished(
    taken.map((pack) => ({ pack, before: 1, settled: { ...noCounts, delivered: 1 } })),
  )
  const texts = []
  for (let pack = await spool.take(noWait); pack !== undefined; pack = await spool.take(noWait)) {
    texts.push(pack.text)
    await spool.settle(pack, { ...noCounts, delivered: 1 }, [])
  }
  return texts
}
