import { expect, test } from 'vitest'
import { createPackIndex } from './pack-index.ts'
import type { SpoolParts } from './spool-parts.ts'
import { takePacks } from './take-packs.ts'

test('packs come in the order in which they were taken, however long each takes to read', async () => {
  const index = createPackIndex()
  const reads: (() => void)[] = []
  const store = {
    read: () => new Promise((resolve) => reads.push(() => resolve('text'))),
    isOpen: () => true,
  }
  const parts = { index, store, metadata: { origin: '0123456789abcdef' }, events: {} }
  const { take } = takePacks(parts as unknown as SpoolParts, { maxBytes: 1_000, memoryMaxBytes: 1_000 })
  const signal = new AbortController().signal
  for (const number of [1, 2, 3]) index.offer({ number, records: 1, bytes: 1 })
  const order: (number | undefined)[] = []
  const taken = [1, 2, 3].map(() => take(signal).then((pack) => order.push(pack?.entry.number)))

  for (const read of [...reads].reverse()) {
    read()
    await new Promise(setImmediate)
  }
  await Promise.all(taken)
  expect(order).toEqual([1, 2, 3])
})
