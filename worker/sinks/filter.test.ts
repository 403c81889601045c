import { expect, test } from 'vitest'
import { aRecord } from '../testing/records.ts'
import { withFilter } from './filter.ts'
import { delivered, failed } from './sink.ts'

test('a record that is filtered out is not sent, and gets its own verdict', async () => {
  const [first, second, third] = [aRecord(), aRecord(), aRecord()]
  const sent: string[] = []
  const send = withFilter(
    (record) => record !== second,
    'caller_unsampled',
    async (batch) => {
      sent.push(...batch.map(({ id }) => id))
      return batch.map(() => delivered)
    },
  )
  const verdicts = await send([first, second, third], new AbortController().signal)
  expect(verdicts).toEqual([delivered, failed({ kind: 'unwanted', reason: 'caller_unsampled' }), delivered])
  expect(sent).toEqual([first.id, third.id])
})
