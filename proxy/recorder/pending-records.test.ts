import { expect, test } from 'vitest'
import { createPendingRecords } from './pending-records.ts'

test('becomes idle when the last record has settled, and not before', async () => {
  const pending = createPendingRecords()
  await pending.idle()
  const [first, second] = [pending.begin(), pending.begin()]
  let idle = false
  const waiting = pending.idle().then(() => {
    idle = true
  })
  first()
  await Promise.resolve()
  expect(idle).toBe(false)
  second()
  await waiting
  await pending.idle()
})
