import { expect, test } from 'vitest'
import type { DeadLetter } from '../../shared/admin/dead-letters.ts'
import { sampleRecord } from '../../shared/admin/testing/sample-record.ts'
import { deadLetterAdmin } from './dead-letter-admin.ts'

const record = sampleRecord({ context: { threadId: 'trip' } })
const letters = new Map<string, DeadLetter>([
  ['a', { id: 'a', at: '2026-11-20T10:00:00.000Z', reason: 'too large', sink: 'langfuse', record }],
  ['b', { id: 'b', at: '2026-11-20T11:00:00.000Z', reason: 'not JSON', raw: '{' }],
])
const folder = {
  list: async () => [...letters.keys()],
  read: async (id: string) => letters.get(id),
  remove: async () => undefined,
}

test('dead letters are listed newest first, without their records', async () => {
  const admin = deadLetterAdmin(folder, async () => true)
  expect(await admin.list({ limit: 10 })).toEqual([
    { id: 'b', at: '2026-11-20T11:00:00.000Z', reason: 'not JSON' },
    { id: 'a', at: '2026-11-20T10:00:00.000Z', reason: 'too large', sink: 'langfuse', threadId: 'trip' },
  ])
  expect(await admin.list({ limit: 1 })).toHaveLength(1)
  expect(await admin.read('a')).toEqual(letters.get('a'))
})

test('a replay sends each of the given dead letters once, or all of them', async () => {
  const sent: string[] = []
  const admin = deadLetterAdmin(folder, async (id) => {
    sent.push(id)
    return id !== 'b'
  })
  expect(await admin.replay(['a', 'a'])).toEqual({ delivered: 1, failed: 0 })
  expect(await admin.replay()).toEqual({ delivered: 1, failed: 1 })
  expect(sent).toEqual(['a', 'a', 'b'])
})

test('those that are purged are deleted, and only what was there is counted', async () => {
  const removed: string[] = []
  const remove = async (id: string): Promise<void> => void removed.push(id)
  const admin = deadLetterAdmin({ ...folder, remove }, async () => true)
  expect(await admin.purge(['a', 'a', 'gone'])).toBe(1)
  expect(removed).toEqual(['a'])
})
