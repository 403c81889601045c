import { expect, test } from 'vitest'
import { aRecord } from '../testing/records.ts'
import { fanOut } from './fan-out.ts'
import { delivered, failed, type Sink, type Verdict } from './sink.ts'

const never = new AbortController().signal
const retryable = failed({ kind: 'retryable', reason: 'away' })

/** A sink that gives the verdicts of its script, one per batch, and keeps the batch sizes. */
function scripted(name: string, ...script: readonly Verdict[]): Sink & { readonly sent: number[] } {
  const sent: number[] = []
  const send: Sink['send'] = async (batch) => {
    sent.push(batch.length)
    return batch.map(() => script[sent.length - 1] ?? delivered)
  }
  return { name, send, sent }
}

test('a record is delivered when every sink has it, and goes to none a second time', async () => {
  const [steady, shaky] = [scripted('steady'), scripted('shaky', retryable)]
  const send = fanOut([steady, shaky])
  const batch = [aRecord(), aRecord()]
  const first = await send(batch, never)
  expect(first[0]).toEqual(failed({ kind: 'retryable', reason: 'away', sink: 'shaky' }))
  expect(await send(batch, never)).toEqual([delivered, delivered])
  expect([steady.sent, shaky.sent]).toEqual([[2], [2, 2]])
})

test('a refusal is the verdict only once the other sinks have the record', async () => {
  const refusing = scripted('strict', failed({ kind: 'permanent', reason: 'no' }))
  const send = fanOut([refusing, scripted('shaky', retryable)])
  const batch = [aRecord()]
  expect(await send(batch, never)).toMatchObject([{ fault: { kind: 'retryable' } }])
  expect(await send(batch, never)).toEqual([failed({ kind: 'permanent', reason: 'no', sink: 'strict' })])
  expect(refusing.sent).toEqual([1])
})

test('a record that one sink filters out is delivered where another one has it', async () => {
  const unwanted = failed({ kind: 'unwanted', reason: 'spans_off' })
  const choosy = () => scripted('choosy', unwanted)
  expect(await fanOut([choosy(), scripted('any')])([aRecord()], never)).toEqual([delivered])
  expect(await fanOut([choosy()])([aRecord()], never)).toMatchObject([{ fault: { kind: 'unwanted' } }])
})

test('a delivered record is forgotten, and is sent when it is delivered again', async () => {
  const sink = scripted('steady')
  const send = fanOut([sink])
  const batch = [aRecord()]
  await send(batch, never)
  await send(batch, never)
  expect(sink.sent).toEqual([1, 1])
})

test('the result of a record that one sink has already goes to that sink, too', async () => {
  const [steady, shaky] = [scripted('steady'), scripted('shaky', retryable)]
  const send = fanOut([steady, shaky])
  const running = aRecord({ ending: 'running' })
  await send([running], never)
  await send([aRecord({ id: running.id, completedBy: 'b' })], never)
  expect([steady.sent, shaky.sent]).toEqual([
    [1, 1],
    [1, 1],
  ])
})
