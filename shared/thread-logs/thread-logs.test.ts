import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempDir } from '../testing/temp-dir.ts'
import { isLogOf, threadLogName } from './file-name.ts'
import { createThreadLogs, type ThreadLogLimits } from './thread-logs.ts'

const noon = Date.UTC(2026, 10, 20, 12)
const never = new AbortController().signal

function lend(limits?: ThreadLogLimits, folder = join(tempDir(), 'logs')) {
  const dropped: string[] = []
  const disk: string[] = []
  let now = noon
  const logs = createThreadLogs({
    folder,
    clock: { now: () => now },
    onDropped: (lines, reason) => dropped.push(`${lines} ${reason}`),
    onFailed: () => disk.push('failed'),
    onWritten: () => disk.push('written'),
    ...(limits && { limits }),
  })
  const read = () =>
    Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
  return {
    folder,
    dropped,
    disk,
    logs,
    read,
    at: (ms: number) => {
      now = ms
    },
  }
}

test('each thread has a file per day, with its lines in order', async () => {
  const { logs, read, at } = lend()
  for (let line = 0; line < 300; line++) logs.write(`t${line % 3}`, `${line}\n`)
  at(noon + 86_400_000)
  logs.write('t0', 'tomorrow\n')
  await logs.stop?.(never)
  const files = read()
  expect(Object.keys(files).sort()).toEqual([
    '261120-t0.log',
    '261120-t1.log',
    '261120-t2.log',
    '261121-t0.log',
  ])
  const threes = Array.from({ length: 100 }, (_, n) => `${n * 3 + 1}\n`)
  expect(files['261120-t1.log']).toBe(threes.join(''))
})

test.each([
  '../../etc/passwd',
  '/etc/passwd',
  '.',
  '',
  'a b',
  'ä',
  'x'.repeat(500),
  'a\u0000b',
  'C:\\x',
  '\ud83d',
])('the thread id %j stays within the folder', (thread) => {
  const name = threadLogName(noon, thread)
  expect(name).toMatch(/^261120-[A-Za-z0-9_-]{0,80}~[0-9a-f]{12}\.log$/)
  expect(isLogOf(name, thread)).toBe(true)
  expect(isLogOf(name, `${thread}2`)).toBe(false)
})

test('thread ids that differ only in replaced characters have separate files', () => {
  expect(threadLogName(noon, 'a/b')).not.toBe(threadLogName(noon, 'a:b'))
  expect(threadLogName(noon, 'a/b')).not.toBe(threadLogName(noon, 'a_b'))
})

test('lines beyond the file size are dropped and counted, also after a restart', async () => {
  const limits = { fileBytes: 10, pendingBytes: 1_000 }
  const { folder, logs, read, dropped } = lend(limits)
  logs.write('t', '12345\n')
  logs.write('t', '67890\n')
  logs.write('t', '123\n')
  await logs.stop?.(never)
  expect([read(), dropped]).toEqual([{ '261120-t.log': '12345\n123\n' }, ['1 file_full']])
  const later = lend(limits, folder)
  later.logs.write('t', '4\n')
  await later.logs.stop?.(never)
  expect(later.dropped).toEqual(['1 file_full'])
})

test('lines beyond the memory limit, and lines that cannot be written, are dropped and counted', async () => {
  const { logs, dropped } = lend({ fileBytes: 1_000, pendingBytes: 10 })
  logs.write('t', '123456\n')
  logs.write('t', '123456\n')
  await logs.stop?.(never)
  expect(dropped).toEqual(['1 waiting'])

  const file = join(tempDir(), 'not-a-folder')
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, '')
  const broken = lend(undefined, join(file, 'logs'))
  broken.logs.write('t', 'x\n')
  await broken.logs.stop?.(never)
  expect(broken.dropped).toEqual(['1 disk'])
  expect(broken.disk).toEqual(['failed'])

  rmSync(file)
  broken.logs.write('t', 'x\n')
  await broken.logs.stop?.(never)
  expect(broken.disk).toEqual(['failed', 'written'])
})
