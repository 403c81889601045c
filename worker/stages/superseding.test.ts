import { expect, test } from 'vitest'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { delivered, failed, type Send, type Verdict } from '../sinks/sink.ts'
import { aRecord } from '../testing/records.ts'
import { withSuperseding } from './superseding.ts'

const signal = new AbortController().signal
const running = aRecord({ id: 'a', ending: 'running' })
const complete = aRecord({ id: 'a', completedBy: 'b' })
const other = aRecord({ id: 'c' })

function open(verdictOf: (record: InferenceRecord) => Verdict = () => delivered) {
  const batches: (readonly InferenceRecord[])[] = []
  const send: Send = async (batch) => {
    batches.push(batch)
    return batch.map(verdictOf)
  }
  return { batches, send: withSuperseding(send) }
}

test('in one batch only the complete record is sent, and both have its verdict', async () => {
  const { batches, send } = open()
  expect(await send([running, other, complete], signal)).toEqual([delivered, delivered, delivered])
  expect(batches).toEqual([[other, complete]])
  const fault = failed({ kind: 'retryable', reason: 'down' })
  const down = open((record) => (record === complete ? fault : delivered))
  expect(await down.send([complete, other, running], signal)).toEqual([fault, delivered, fault])
})

test('one that comes late is not sent after the complete one', async () => {
  const { batches, send } = open()
  await send([complete], signal)
  expect(await send([running], signal)).toEqual([delivered])
  expect(batches).toEqual([[complete]])
})

test('one that comes first is sent, and so is the complete one after it', async () => {
  const { batches, send } = open()
  await send([running], signal)
  await send([complete], signal)
  await send([complete], signal)
  expect(batches).toEqual([[running], [complete], [complete]])
})

test('where the complete one was not delivered an earlier one still is sent', async () => {
  const { batches, send } = open(() => failed({ kind: 'permanent', reason: 'refused' }))
  await send([complete], signal)
  await send([running], signal)
  expect(batches).toHaveLength(2)
})
