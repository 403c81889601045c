import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stillClock } from '../../shared/testing/still-clock.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { createLocalGenerations } from './local-generations.ts'
import { openMs } from './open-generation.ts'

function open(dir: string | undefined, limits?: { readonly entries: number; readonly bytes: number }) {
  const clock = stillClock()
  const failures: unknown[] = []
  const generations = createLocalGenerations({
    dir,
    now: clock.now,
    onFailure: (cause) => failures.push(cause),
    ...(limits && { limits }),
  })
  return { clock, failures, generations }
}

test('what is open is there after a restart, and what was deleted is not', async () => {
  const dir = join(tempDir(), 'generations')
  const { generations } = open(dir)
  for (const key of ['a', 'b']) generations.put(key, `record ${key}`)
  generations.delete('a')
  await generations.flush()
  const { generations: again } = open(dir)
  await again.start()
  expect([again.get('a'), again.get('b')]).toEqual([undefined, 'record b'])
})

test('after a day it is gone, from the disk as well', async () => {
  const dir = tempDir()
  const { clock, generations } = open(dir)
  generations.put('a', 'record')
  clock.advance(openMs)
  expect(generations.get('a')).toBeUndefined()
  generations.put('b', 'record')
  await generations.flush()
  expect(await readdir(dir)).toHaveLength(1)
})

test('damaged and old files are ignored and removed', async () => {
  const dir = tempDir()
  await writeFile(join(dir, 'a.json'), '{"v":1,"key":')
  await writeFile(join(dir, 'b.json'), '{"v":1,"key":"b","record":"r","expiresAt":1}')
  const { generations } = open(dir)
  await generations.start()
  expect([generations.get('b'), await readdir(dir)]).toEqual([undefined, []])
})

test('beyond the limits the oldest are forgotten', async () => {
  const dir = tempDir()
  const { generations } = open(dir, { entries: 2, bytes: 100 })
  for (const key of ['a', 'b', 'c']) generations.put(key, 'record')
  expect([generations.get('a'), generations.get('c')]).toEqual([undefined, 'record'])
  generations.put('d', 'x'.repeat(95))
  expect(generations.get('b')).toBeUndefined()
  await generations.flush()
  expect(await readdir(dir)).toHaveLength(1)
})

test('a disk that cannot be written is reported, and memory goes on', async () => {
  const dir = join(tempDir(), 'file')
  await writeFile(dir, '')
  const { failures, generations } = open(dir)
  generations.put('a', 'record')
  await generations.flush()
  expect([generations.get('a'), failures.length]).toEqual(['record', 1])
})
