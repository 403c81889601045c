import { expect, test } from 'vitest'
import { aRecord } from '../testing/records.ts'
import { mappedSink } from './mapped.ts'
import { delivered } from './sink.ts'

const never = new AbortController().signal

test('a record that cannot be mapped is permanent, and the others are sent', async () => {
  const [good, unmappable] = [aRecord(), aRecord()]
  const sent: string[] = []
  const send = mappedSink(
    (record) => {
      if (record === unmappable) throw new TypeError('odd')
      return record.id
    },
    async (ids) => {
      sent.push(...ids)
      return ids.map(() => delivered)
    },
  )
  const [first, second, third] = await send([good, unmappable, good], never)
  expect([first, third]).toEqual([delivered, delivered])
  expect(second).toMatchObject({ fault: { kind: 'permanent', reason: 'cannot be mapped: TypeError: odd' } })
  expect(sent).toEqual([good.id, good.id])
})
