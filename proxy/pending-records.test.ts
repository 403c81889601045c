import { expect, test } from 'vitest'
import { createPendingRecords } from './pending-records.ts'

test('is idle when the last record was handed on, and not before', async () => {
  const underWay = createPendingRecords()
  await underWay.idle()
  const [first, second] = [underWay.begin(), underWay.begin()]
  let idle = false
  const waiting = underWay.idle().then(() => {
    idle = true
  })
  first()
  await Promise.resolve()
  expect(idle).toBe(false)
  second()
  await waiting
  await underWay.idle()
})
