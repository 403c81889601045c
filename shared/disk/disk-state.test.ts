import { expect, onTestFinished, test } from 'vitest'
import { createDiskState, type DiskState } from './disk-state.ts'

test('a failing disk is retried until it works, and its recovery is reported once', async () => {
  const { disk, log } = create({ works: (attempt) => attempt === 3 })
  disk.opened()
  disk.failed('write', 'full')
  disk.failed('read', 'gone')
  expect(disk.isOpen()).toBe(false)
  await expect.poll(disk.isOpen).toBe(true)
  expect(log).toEqual(['write failed', 'read failed', 'retry', 'retry', 'retry', 'recovered'])
})

test('opening for the first time is no recovery', () => {
  const { disk, log } = create({ works: () => true })
  expect(disk.isOpen()).toBe(false)
  disk.opened()
  expect(disk.isOpen()).toBe(true)
  expect(log).toEqual([])
})

test('an operation that rejects means that the disk has failed', async () => {
  const { disk, log } = create({ works: () => false })
  disk.opened()
  expect(await disk.attempt('write', async () => {})).toBe(true)
  expect(disk.isOpen()).toBe(true)
  expect(await disk.attempt('write', () => Promise.reject(new Error('full')))).toBe(false)
  expect(disk.isOpen()).toBe(false)
  expect(log).toEqual(['write failed'])
})

test('ending the retries retries once more, without waiting, and never again', async () => {
  const { disk, log } = create({ works: () => false, waitMs: 1e6 })
  disk.failed('open', 'gone')
  await disk.endRetries()
  expect(log).toEqual(['open failed', 'retry'])
  disk.failed('write', 'gone')
  disk.closed()
  disk.failed('write', 'gone')
  await disk.endRetries()
  expect(log).toEqual(['open failed', 'retry', 'write failed', 'write failed'])
})

function create({ works, waitMs = 1 }: { works: (attempt: number) => boolean; waitMs?: number }) {
  const log: string[] = []
  let attempts = 0
  const disk: DiskState<'open' | 'write' | 'read'> = createDiskState({
    retry: async () => {
      log.push('retry')
      if (!works(++attempts)) return false
      disk.opened()
      return true
    },
    onFailed: (operation) => log.push(`${operation} failed`),
    onRecovered: () => log.push('recovered'),
    backoff: { baseMs: waitMs, maxMs: waitMs },
  })
  onTestFinished(disk.endRetries)
  return { disk, log }
}
