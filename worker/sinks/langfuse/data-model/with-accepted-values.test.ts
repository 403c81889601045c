import { expect, test } from 'vitest'
import { aRecord } from '../../../testing/records.ts'
import { delivered, failed } from '../../sink.ts'
import { withAcceptedValues } from './with-accepted-values.ts'

const long = 'x'.repeat(200)
const never = new AbortController().signal

test('replaced values are reported once, when the record is delivered', async () => {
  const record = aRecord({ context: { userId: `zoe${long}`, tags: [], metadata: {} } })
  const changes: unknown[] = []
  const verdicts = [failed({ kind: 'retryable', reason: 'busy' }), delivered]
  const send = withAcceptedValues(
    async ([sent]) => {
      expect(sent?.context.userId).toMatch(/^zoex+~/)
      return verdicts.splice(0, 1)
    },
    (change) => changes.push(change),
  )
  await send([record], never)
  expect(changes).toEqual([])
  await send([record], never)
  expect(changes).toEqual([{ field: 'user_id', change: 'shortened' }])
  expect(record.context.userId).toBe(`zoe${long}`)
})
