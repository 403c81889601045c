import { expect, test } from 'vitest'
import { noCounts } from '../../shared/ledger/ledger.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { silentSpool, testSpool } from '../testing/test-spool.ts'
import { openSpool } from './open-spool.ts'

test('which calls have a record is known after a restart, when their packs are long settled, until it is forgotten', async () => {
  const dir = tempDir()
  const spool = await openSpool({ dir, maxBytes: 1e9, memoryMaxBytes: 1e6, events: silentSpool })
  await spool.put(['{}', '{}'], ['first', 'second'])
  await spool.put(['{}'])
  await spool.put(['{}'], ['third'])
  const pack = await spool.take(AbortSignal.abort())
  if (pack !== undefined) await spool.settle(pack, { ...noCounts, delivered: 2 }, [])
  await spool.close()

  const next = await testSpool({ dir })
  expect(next.recorded.newest()).toBe(3)
  expect(await next.recorded.read()).toEqual(new Set(['first', 'second', 'third']))
  await next.put(['{}'], ['fourth'])
  await next.recorded.forget(3)
  expect(await next.recorded.read()).toEqual(new Set(['fourth']))
  expect(next.recorded.newest()).toBe(4)
  // They are no packs.
  expect(next.ledger()).toMatchObject({ accepted: 5, spooled: 3, delivered: 2 })
})
