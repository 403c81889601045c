import { expect, test } from 'vitest'
import { delivered, failed, forAll, type Verdict } from './sink.ts'
import { sizedRequests } from './sized-requests.ts'

const never = new AbortController().signal

/** A transport, and the requests that it got. */
function recording(verdict: (request: readonly string[]) => Verdict = () => delivered) {
  const requests: (readonly string[])[] = []
  const transport = async (items: readonly string[]) => {
    requests.push(items)
    return forAll(items, verdict(items))
  }
  return { requests, transport }
}

test('items are spread over requests by their bytes as JSON, one that is too large alone', async () => {
  const { requests, transport } = recording()
  const items = ['aa', 'bb', 'x'.repeat(30), 'üü', 'd']
  expect(await sizedRequests(10, transport)(items, never)).toEqual(items.map(() => delivered))
  expect(requests).toEqual([['aa', 'bb'], ['x'.repeat(30)], ['üü', 'd']])
})

test('after a request that failed as a whole no further one is sent', async () => {
  const away = failed({ kind: 'retryable', reason: 'away' })
  const { requests, transport } = recording(([first]) => (first === 'a' ? delivered : away))
  expect(await sizedRequests(3, transport)(['a', 'b', 'c'], never)).toEqual([delivered, away, away])
  expect(requests).toEqual([['a'], ['b']])
})

test('one refused item stops nothing', async () => {
  const refused = failed({ kind: 'permanent', reason: 'HTTP 400' })
  const { transport } = recording(([first]) => (first === 'a' ? refused : delivered))
  expect(await sizedRequests(3, transport)(['a', 'b'], never)).toEqual([refused, delivered])
})

test('an abort keeps what was delivered before it', async () => {
  const stop = new AbortController()
  const transport = async (items: readonly string[]) => {
    if (items[0] === 'b') {
      stop.abort(new Error('stopping'))
      throw stop.signal.reason
    }
    return forAll(items, delivered)
  }
  expect(await sizedRequests(3, transport)(['a', 'b'], stop.signal)).toMatchObject([
    { ok: true },
    { ok: false },
  ])
  await expect(sizedRequests(3, transport)(['b'], stop.signal)).rejects.toThrow('stopping')
})
