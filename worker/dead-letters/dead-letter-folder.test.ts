import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { systemClock } from '../../shared/timing/clock.ts'
import { aRecord } from '../testing/records.ts'
import { createDeadLetterFolder } from './dead-letter-folder.ts'

const clock = { ...systemClock, now: () => Date.parse('2026-11-20T10:00:00Z') }

test('a dead letter is one file with the record, the time, the reason, the sink and the origin', async () => {
  const folder = join(tempDir(), 'dead')
  const letters = createDeadLetterFolder(folder, clock)
  const record = aRecord()
  expect(await letters.keep(record, 'spool-1', 'langfuse', 'HTTP 400')).toBe(true)
  expect(readdirSync(folder)).toEqual([`${record.id}.json`])
  expect(await letters.count()).toBe(1)
  expect(await letters.read(record.id)).toEqual({
    v: 1,
    id: record.id,
    at: '2026-11-20T10:00:00.000Z',
    reason: 'HTTP 400',
    sink: 'langfuse',
    origin: 'spool-1',
    record,
  })
})

test('a record and the one that completes it are two dead letters', async () => {
  const letters = createDeadLetterFolder(tempDir(), clock)
  const record = aRecord({ ending: 'running' })
  for (const letter of [record, aRecord({ id: record.id, completedBy: 'b' })])
    await letters.keep(letter, 'o', 's', 'r')
  expect([...(await letters.list())].sort()).toEqual([record.id, `${record.id}-completed`])
})

test('a pack that cannot be read is kept as it arrived', async () => {
  const letters = createDeadLetterFolder(tempDir(), clock)
  await letters.keepUnreadable('{"v":9', 'spool-1', 'version 9 is not known here')
  const [id = ''] = await letters.list()
  expect(await letters.read(id)).toMatchObject({ raw: '{"v":9', reason: 'version 9 is not known here' })
})

test('a full folder takes no more, by files and by bytes, until there is room', async () => {
  const folder = tempDir()
  const byFiles = createDeadLetterFolder(folder, clock, { files: 2, bytes: 1_000_000 })
  const kept = await Promise.all(
    [aRecord(), aRecord(), aRecord()].map((record) => byFiles.keep(record, 'o', 's', 'r')),
  )
  expect(kept.filter(Boolean)).toHaveLength(2)
  // Another process removes one.
  rmSync(join(folder, readdirSync(folder)[0] ?? ''))
  expect(await byFiles.keep(aRecord(), 'o', 's', 'r')).toBe(true)

  const byBytes = createDeadLetterFolder(tempDir(), clock, { files: 10, bytes: 1_500 })
  expect(await byBytes.keep(aRecord(), 'o', 's', 'r')).toBe(true)
  expect(await byBytes.keep(aRecord(), 'o', 's', 'r')).toBe(false)
})

test('the same record replaces its dead letter', async () => {
  const letters = createDeadLetterFolder(tempDir(), clock, { files: 1, bytes: 1_000_000 })
  const record = aRecord()
  await letters.keep(record, 'o', 's', 'first')
  expect(await letters.keep(record, 'o', 's', 'second')).toBe(true)
  expect(await letters.read(record.id)).toMatchObject({ reason: 'second' })
})

test('a folder that cannot be written is no full one: keeping rejects, until it can be written', async () => {
  const folder = join(tempDir(), 'dead')
  writeFileSync(folder, 'in the way')
  const reported: string[] = []
  const letters = createDeadLetterFolder(folder, clock, undefined, {
    deadLettersFailed: () => reported.push('failed'),
    deadLettersWritten: () => reported.push('written'),
  })
  const record = aRecord()
  await expect(letters.keep(record, 'o', 's', 'r')).rejects.toThrow(/not a folder/)
  await expect(letters.keepUnreadable('{', 'o', 'r')).rejects.toThrow(/not a folder/)
  rmSync(folder)
  expect(await letters.keep(record, 'o', 's', 'r')).toBe(true)
  expect(reported).toEqual(['failed', 'failed', 'written'])
  expect(await letters.list()).toEqual([record.id])
})

test('an id that is a path stays inside the folder', async () => {
  const folder = tempDir()
  const letters = createDeadLetterFolder(join(folder, 'dead'), clock)
  await letters.keep(aRecord({ id: '../outside' }), 'o', 's', 'r')
  expect(readdirSync(folder)).toEqual(['dead'])
  writeFileSync(join(folder, 'secret.json'), '{"v":1}')
  expect(await letters.read('../secret')).toBeUndefined()
  expect(await letters.list()).toHaveLength(1)
})
