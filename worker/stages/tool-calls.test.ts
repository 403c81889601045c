import { expect, test } from 'vitest'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { delivered, forAll } from '../sinks/sink.ts'
import { aRecord } from '../testing/records.ts'
import { createToolCallMemory, withToolCalls } from './tool-calls.ts'

const call = { type: 'function_call', call_id: 'call_1', name: 'now', arguments: '{"zone":"UTC"}' }
const asking = aRecord({ id: 'a', operation: 'responses', output: { kind: 'items', items: [call] } })
const span = { spanId: '1'.repeat(16), askedBy: 'a', callId: 'call_1', startedAt: 1, endedAt: 2 }
const bringing = aRecord({ id: 'b', operation: 'responses', toolSpans: [{ ...span, result: 'noon' }] })

function stage() {
  const sent: InferenceRecord[] = []
  const memory = createToolCallMemory()
  const send = withToolCalls(memory, async (batch) => {
    sent.push(...batch)
    return forAll(batch, delivered)
  })
  return {
    sent,
    send(...batch: readonly InferenceRecord[]) {
      for (const record of batch) memory.remember(record)
      return send(batch, new AbortController().signal)
    },
  }
}

test('a tool that another record asked for gets its name and arguments from there', async () => {
  const { sent, send } = stage()
  await send(asking)
  await send(bringing)
  expect(sent[1]?.toolSpans).toEqual([{ ...span, result: 'noon', name: 'now', arguments: { zone: 'UTC' } }])
})

test('both may come in one batch, in any order', async () => {
  const { sent, send } = stage()
  await send(bringing, asking)
  expect(sent[0]?.toolSpans?.[0]).toMatchObject({ name: 'now' })
})

test('what nobody here has seen stays as it is, and what has a name too', async () => {
  const { sent, send } = stage()
  const named = aRecord({ toolSpans: [{ ...span, name: 'then' }] })
  await send(bringing, named)
  expect(sent).toEqual([bringing, named])
})
