import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { createReportingFile } from './reporting-file.ts'
import type { StoredPair } from './stored-reporting.ts'

const now = 1_000_000
const shape = { every: ['id'], some: ['id', 'choices'] }
const pair: StoredPair = [
  'http://a.example/v1 m',
  { reporting: 'on_request', expiresAt: now + 1_000, plain: { shape, parameters: 'model' } },
]

async function open(pairs: () => readonly StoredPair[] = () => [pair]) {
  const path = join(tempDir(), 'deep', 'usage-reporting.json')
  const failures: unknown[] = []
  const file = createReportingFile({
    path,
    now: () => now,
    pairs,
    onFailure: (cause) => failures.push(cause),
  })
  return { path, file, failures }
}

test('what was learned is read again after a restart', async () => {
  const { file } = await open()
  expect(await file.read()).toEqual([])
  file.changed()
  await file.flush()
  expect(await file.read()).toEqual([pair])
})

test('changes in a row are written once, and nothing where nothing has changed', async () => {
  let writes = 0
  const { file, path } = await open(() => {
    writes += 1
    return [pair]
  })
  await file.flush()
  await expect(readFile(path)).rejects.toThrow('ENOENT')
  for (let times = 0; times < 10; times++) file.changed()
  await file.flush()
  expect(writes).toBe(1)
})

test.each([
  ['no JSON', '{"v":1,"pairs":[['],
  ['something else', '[]'],
  ['entries that are none', '{"v":1,"pairs":[7,[],["a"],["a",{"reporting":"odd","expiresAt":9e9}]]}'],
  ['what has expired', `{"v":1,"pairs":[["a",{"reporting":"unsolicited","expiresAt":${now}}]]}`],
])('a file with %s is ignored', async (_what, text) => {
  const { file, path } = await open()
  file.changed()
  await file.flush()
  await writeFile(path, text)
  expect(await file.read()).toEqual([])
})

test('what expires too late, by another clock, expires in time', async () => {
  const { file, path } = await open()
  file.changed()
  await file.flush()
  await writeFile(path, '{"v":1,"pairs":[["a",{"reporting":"rejects_option","expiresAt":9e15}]]}')
  expect(await file.read()).toEqual([['a', { reporting: 'rejects_option', expiresAt: now + 3_600_000 }]])
})

test('a folder that cannot be written is reported', async () => {
  const { file, path, failures } = await open()
  await writeFile(join(path, '..', '..', 'deep'), '')
  file.changed()
  await file.flush()
  expect(failures).toHaveLength(1)
})
