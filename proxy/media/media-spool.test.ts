import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { type MediaOutcome, type MediaSpool, openMediaSpool } from './media-spool.ts'

type Lent = { readonly spool: MediaSpool; readonly outcomes: MediaOutcome[] }

async function lendSpool(dir: string, maxBytes = 1_000, recordBytes = () => 0): Promise<Lent> {
  const outcomes: MediaOutcome[] = []
  const spool = await openMediaSpool({
    dir,
    maxBytes,
    recordBytes,
    onMedia: (outcome) => outcomes.push(outcome),
  })
  onTestFinished(async () => void (await spool.stop?.(new AbortController().signal)))
  return { spool, outcomes }
}

const stop = ({ spool }: Lent) => spool.stop?.(new AbortController().signal)
const filesIn = (dir: string) => readdirSync(join(dir, 'media'))

function aMedium(bytes: number) {
  const body = randomBytes(bytes)
  return { hash: createHash('sha256').update(body).digest('hex'), body }
}

test('a medium can be read at once, and by the next process', async () => {
  const dir = tempDir()
  const { hash, body } = aMedium(100)
  const first = await lendSpool(dir)
  expect(first.spool.keep(hash, body)).toBe(true)
  expect(await first.spool.read(hash)).toEqual(body)
  await stop(first)
  const second = await lendSpool(dir)
  expect(await second.spool.read(hash)).toEqual(body)
  expect(second.spool.bytes()).toBe(100)
})

test('the same bytes are kept once, until the last record that names them is settled', async () => {
  const dir = tempDir()
  const { hash, body } = aMedium(100)
  const lent = await lendSpool(dir)
  for (let record = 0; record < 20; record++) lent.spool.keep(hash, body)
  expect(lent.spool.bytes()).toBe(100)
  await stop(lent)
  for (let record = 0; record < 19; record++) lent.spool.release([hash])
  await stop(lent)
  expect(await lent.spool.read(hash)).toEqual(body)
  lent.spool.release([hash])
  await stop(lent)
  expect(lent.spool.bytes()).toBe(0)
  expect(filesIn(dir)).toEqual([])
  expect(lent.outcomes.filter((outcome) => outcome === 'repeated')).toHaveLength(19)
})

test('what is released before it is written leaves nothing behind', async () => {
  const dir = tempDir()
  const { hash, body } = aMedium(100)
  const lent = await lendSpool(dir)
  lent.spool.keep(hash, body)
  lent.spool.release([hash])
  await stop(lent)
  expect(filesIn(dir)).toEqual([])
})

test('beyond the limit the oldest media go, and one that is larger than the limit is not kept', async () => {
  const lent = await lendSpool(tempDir())
  const [a, b, c, d] = [aMedium(400), aMedium(400), aMedium(400), aMedium(1_001)]
  for (const { hash, body } of [a, b, c]) expect(lent.spool.keep(hash, body)).toBe(true)
  expect(lent.spool.keep(d.hash, d.body)).toBe(false)
  await stop(lent)
  expect(await lent.spool.read(a.hash)).toBeUndefined()
  expect(lent.outcomes).toContain('evicted')
  expect(lent.outcomes).toContain('spool_full')
})

test('media take only what records leave', async () => {
  let records = 0
  const lent = await lendSpool(tempDir(), 1_000, () => records)
  const [a, b] = [aMedium(600), aMedium(300)]
  lent.spool.keep(a.hash, a.body)
  records = 800
  lent.spool.evict(400)
  expect(lent.spool.bytes()).toBe(0)
  expect(lent.spool.keep(b.hash, b.body)).toBe(false)
})

test('a folder that cannot be written costs media, and no more than one attempt at a time', async () => {
  const dir = tempDir()
  writeFileSync(join(dir, 'media'), 'a file in the place of the folder')
  const lent = await lendSpool(dir)
  const [a, b] = [aMedium(10), aMedium(10)]
  lent.spool.keep(a.hash, a.body)
  await stop(lent)
  expect(lent.spool.bytes()).toBe(0)
  expect(lent.spool.keep(b.hash, b.body)).toBe(false)
  expect(lent.outcomes).toEqual(['write_failed', 'write_failed'])
})

test('a name that is no hash is no file', async () => {
  const dir = tempDir()
  writeFileSync(join(dir, 'secret'), 'x')
  const { spool } = await lendSpool(dir)
  expect(await spool.read('../secret')).toBeUndefined()
})

test('the unfinished file of a process that died is removed', async () => {
  const dir = tempDir()
  const { hash, body } = aMedium(10)
  const first = await lendSpool(dir)
  first.spool.keep(hash, body)
  await stop(first)
  writeFileSync(join(dir, 'media', `${'0'.repeat(64)}.part`), 'x')
  await stop(await lendSpool(dir))
  expect(filesIn(dir)).toEqual([hash])
})

test('a medium that comes again while its file is being written, or removed, is there', async () => {
  const dir = tempDir()
  const { hash, body } = aMedium(100)
  const lent = await lendSpool(dir)
  for (let round = 0; round < 20; round++) {
    lent.spool.keep(hash, body)
    lent.spool.release([hash])
    lent.spool.keep(hash, body)
    if (round % 2 === 0) await stop(lent)
    lent.spool.release([hash])
  }
  lent.spool.keep(hash, body)
  await stop(lent)
  expect(await lent.spool.read(hash)).toEqual(body)
  expect(filesIn(dir)).toEqual([hash])
})
