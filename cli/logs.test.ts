import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempDir } from '../shared/testing/temp-dir.ts'
import { threadLogName } from '../shared/thread-logs/file-name.ts'
import { threadLog } from './logs.ts'

const day = 86_400_000
const now = Date.UTC(2026, 10, 20)

test("a thread's log is shown day by day, and followed", async () => {
  const folder = tempDir()
  const file = (at: number, thread: string) => join(folder, threadLogName(at, thread))
  writeFileSync(file(now, 'a/b'), 'second\n')
  writeFileSync(file(now - day, 'a/b'), 'first\n')
  writeFileSync(file(now, 'a'), 'of another thread\n')
  const stop = new AbortController()
  const log = threadLog({ folder, thread: 'a/b', signal: stop.signal })
  expect((await log.next()).value).toBe('first\n')
  expect((await log.next()).value).toBe('second\n')
  appendFileSync(file(now, 'a/b'), 'third\n')
  expect((await log.next()).value).toBe('third\n')
  stop.abort()
  expect((await log.next()).done).toBe(true)
})

test('without a log there is nothing to show', async () => {
  const log = threadLog({ folder: join(tempDir(), 'logs'), thread: 'a', signal: AbortSignal.abort() })
  expect((await log.next()).done).toBe(true)
})
