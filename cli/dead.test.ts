import { expect, test } from 'vitest'
import type { DeadLetter } from '../shared/admin/dead-letters.ts'
import { sampleRecord } from '../shared/admin/testing/sample-record.ts'
import { loadConfig } from '../shared/config/load.ts'
import { deadLetterAdmin } from '../worker/dead-letters/dead-letter-admin.ts'
import { adminAddress } from './admin/admin-address.ts'
import { adminClient } from './admin/admin-client.ts'
import { listDead, purgeDead, replayDead, showDead } from './dead.ts'
import { runningAdmin } from './testing/running-admin.ts'

const at = new Date(2026, 10, 20, 9, 3, 7)
const screen = { width: Number.POSITIVE_INFINITY, now: at.getTime(), limit: 20 }

/** The client of a process with these dead letters; only `a` can be delivered. */
async function servedDeadLetters(letters: readonly DeadLetter[]) {
  const remaining = new Map(letters.map((letter) => [letter.id, letter]))
  const folder = {
    list: async () => [...remaining.keys()],
    read: async (id: string) => remaining.get(id),
    remove: async (id: string) => void remaining.delete(id),
  }
  const dead = deadLetterAdmin(folder, async (id) => id === 'a' && remaining.delete(id))
  return adminClient(adminAddress(loadConfig(await runningAdmin({ dead })))).dead
}

const record = sampleRecord({ context: { threadId: 'trip' } })
const letters: readonly DeadLetter[] = [
  { id: 'a', at: at.toISOString(), reason: 'too large', sink: 'langfuse', record },
  { id: 'b', at: new Date(at.getTime() + 1000).toISOString(), reason: 'not JSON', raw: '{' },
]

test('dead letters are listed, newest first', async () => {
  expect((await listDead(await servedDeadLetters(letters), screen)).text).toBe(`\
SINCE     ID  SINK      THREAD  REASON
09:03:08  b   -         -       not JSON
09:03:07  a   langfuse  trip    too large
`)
  expect((await listDead(await servedDeadLetters([]), screen)).text).toBe('There are no dead letters.\n')
})

test('one dead letter is shown in full', async () => {
  const dead = await servedDeadLetters(letters)
  expect(JSON.parse((await showDead(dead, 'a')).text)).toEqual(letters[0])
  await expect(showDead(dead, 'c')).rejects.toThrow(/no such dead letter/)
})

test('a replay that leaves dead letters behind is not ok', async () => {
  const dead = await servedDeadLetters(letters)
  expect(await replayDead(dead, ['a'], { all: false })).toEqual({ text: '1 delivered.\n', ok: true })
  expect(await replayDead(dead, [], { all: true })).toEqual({
    text: '0 delivered, 1 not; what was here is still kept.\n',
    ok: false,
  })
})

test('a replay needs ids or --all, not both', async () => {
  const dead = await servedDeadLetters([])
  await expect(replayDead(dead, [], { all: false })).rejects.toThrow(/--all/)
  await expect(replayDead(dead, ['a'], { all: true })).rejects.toThrow(/--all/)
})

test('what is purged is gone for good, and what was not there is said', async () => {
  const dead = await servedDeadLetters(letters)
  expect(await purgeDead(dead, ['b', 'c'], { all: false })).toEqual({
    text: '1 purged, 1 not there.\n',
    ok: false,
  })
  expect(await purgeDead(dead, [], { all: true })).toEqual({ text: '1 purged.\n', ok: true })
  expect(await dead.list({ limit: 20 })).toEqual([])
  await expect(purgeDead(dead, [], { all: false })).rejects.toThrow(/--all/)
})

test('another server on the admin port is recognised', async () => {
  const { ADMIN_PORT } = await runningAdmin()
  const { dead } = adminClient({ url: `http://127.0.0.1:${ADMIN_PORT}/livez?` })
  await expect(dead.list({ limit: 1 })).rejects.toThrow(/is not threadtap \(status 200\)/)
})
