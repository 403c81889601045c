import { expect, test } from 'vitest'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { delivered, failed, forAll, type Send } from '../sinks/sink.ts'
import { aRecord } from '../testing/records.ts'
import { withBisect } from './bisect.ts'
import { withRetries } from './retries.ts'
import { withTimeout } from './timeout.ts'

const never = new AbortController().signal
const records = (count: number) => Array.from({ length: count }, () => aRecord())
const retryable = failed({ kind: 'retryable', reason: 'away' })
const kindsOf = (verdicts: Awaited<ReturnType<Send>>) =>
  verdicts.map((verdict) => (verdict.ok ? 'ok' : verdict.fault.kind))

/** @returns the stage's `next`, and the sizes of the batches that it was sent */
function noting(send: Send): { readonly send: Send; readonly sizes: number[] } {
  const sizes: number[] = []
  return {
    sizes,
    send: (batch, signal) => {
      sizes.push(batch.length)
      return send(batch, signal)
    },
  }
}

test('only the retryable records of a batch are tried again', async () => {
  const batch = records(3)
  const seen = new Set<InferenceRecord>()
  const next = noting(async (given) =>
    given.map((record) => {
      const again = seen.has(record)
      seen.add(record)
      return record === batch[1] && !again ? retryable : delivered
    }),
  )
  const verdicts = await withRetries({ maxRetries: 3, delayMs: 1 }, next.send)(batch, never)
  expect(kindsOf(verdicts)).toEqual(['ok', 'ok', 'ok'])
  expect(next.sizes).toEqual([3, 1])
})

test('the tries end after so many, and at once where the server says when to come back', async () => {
  const next = noting(async (batch) => forAll(batch, retryable))
  await withRetries({ maxRetries: 2, delayMs: 1 }, next.send)(records(1), never)
  expect(next.sizes).toEqual([1, 1, 1])

  const asked = noting(async (batch) =>
    forAll(batch, failed({ kind: 'retryable', reason: '429', retryAfterMs: 9 })),
  )
  await withRetries({ maxRetries: 2, delayMs: 1 }, asked.send)(records(1), never)
  expect(asked.sizes).toEqual([1])
})

test('an abort between two tries keeps what is known already', async () => {
  const stop = new AbortController()
  const batch = records(2)
  const send: Send = async () => {
    stop.abort()
    return [delivered, retryable]
  }
  const verdicts = await withRetries({ maxRetries: 5, delayMs: 60_000 }, send)(batch, stop.signal)
  expect(kindsOf(verdicts)).toEqual(['ok', 'retryable'])
})

test('one bad record among twenty is found by halving, and the others are sent once each after that', async () => {
  const batch = records(20)
  const bad = batch[13] as InferenceRecord
  const arrived: InferenceRecord[] = []
  const send: Send = async (given) => {
    if (given.includes(bad)) return forAll(given, failed({ kind: 'refused', reason: 'HTTP 400' }))
    arrived.push(...given)
    return forAll(given, delivered)
  }
  const verdicts = kindsOf(await withBisect(send)(batch, never))
  expect(verdicts.indexOf('permanent')).toBe(13)
  expect(verdicts.filter((kind) => kind === 'ok')).toHaveLength(19)
  expect(arrived).toHaveLength(19)
})

test('halving stops at a server that asks for patience', async () => {
  const next = noting(async (batch) =>
    batch.length > 4 ? forAll(batch, failed({ kind: 'oversized', reason: '413' })) : forAll(batch, retryable),
  )
  expect(kindsOf(await withBisect(next.send)(records(8), never))).toEqual(Array(8).fill('retryable'))
  expect(next.sizes).toEqual([8, 4])
})

test('a record that is too large even without its content is permanent', async () => {
  const next = noting(async (batch) => forAll(batch, failed({ kind: 'oversized', reason: '413' })))
  expect(kindsOf(await withBisect(next.send)(records(1), never))).toEqual(['permanent'])
  expect(next.sizes).toEqual([1, 1])
})

test('a try that takes too long is retryable, and its request is ended', async () => {
  let ended = false
  const send: Send = (_, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        ended = true
        reject(signal.reason)
      })
    })
  expect(kindsOf(await withTimeout(5, send)(records(2), never))).toEqual(['retryable', 'retryable'])
  expect(ended).toBe(true)
})

test('an abort from outside is not taken for a timeout', async () => {
  const stop = new AbortController()
  const send: Send = (_, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
      stop.abort(new Error('stopping'))
    })
  await expect(withTimeout(60_000, send)(records(1), stop.signal)).rejects.toThrow('stopping')
})
