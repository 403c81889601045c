import { expect, test } from 'vitest'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { systemClock } from '../../shared/timing/clock.ts'
import { delivered, failed, forAll, type Send } from '../sinks/sink.ts'
import { aRecord } from '../testing/records.ts'
import { withBisect } from './bisect.ts'
import { createGrowingTimeout } from './growing-timeout.ts'
import { withRetries } from './retries.ts'
import { withTimeout } from './timeout.ts'

const never = new AbortController().signal
const records = (count: number) => Array.from({ length: count }, () => aRecord())
const retryable = failed({ kind: 'retryable', reason: 'away' })
const kindsOf = (verdicts: Awaited<ReturnType<Send>>) =>
  verdicts.map((verdict) => (verdict.ok ? 'ok' : verdict.fault.kind))

/** @returns the same sink, and the sizes of its batches */
function recordingSizes(send: Send): { readonly send: Send; readonly sizes: number[] } {
  const sizes: number[] = []
  return {
    sizes,
    send: (batch, signal) => {
      sizes.push(batch.length)
      return send(batch, signal)
    },
  }
}

test('only the retryable records of a batch are retried', async () => {
  const batch = records(3)
  const seen = new Set<InferenceRecord>()
  const next = recordingSizes(async (sent) =>
    sent.map((record) => {
      const isRetry = seen.has(record)
      seen.add(record)
      return record === batch[1] && !isRetry ? retryable : delivered
    }),
  )
  const verdicts = await withRetries({ maxRetries: 3, delayMs: 1 }, next.send)(batch, never)
  expect(kindsOf(verdicts)).toEqual(['ok', 'ok', 'ok'])
  expect(next.sizes).toEqual([3, 1])
})

test('retries end after the maximum, and are not made after a Retry-After', async () => {
  const next = recordingSizes(async (batch) => forAll(batch, retryable))
  await withRetries({ maxRetries: 2, delayMs: 1 }, next.send)(records(1), never)
  expect(next.sizes).toEqual([1, 1, 1])

  const withRetryAfter = recordingSizes(async (batch) =>
    forAll(batch, failed({ kind: 'retryable', reason: '429', retryAfterMs: 9 })),
  )
  await withRetries({ maxRetries: 2, delayMs: 1 }, withRetryAfter.send)(records(1), never)
  expect(withRetryAfter.sizes).toEqual([1])
})

test('a time-out is not retried here, since its records may have arrived', async () => {
  const timedOut = failed({ kind: 'retryable', reason: 'late', timedOut: true })
  const next = recordingSizes(async (batch) => forAll(batch, timedOut))
  await withRetries({ maxRetries: 5, delayMs: 1 }, next.send)(records(2), never)
  expect(next.sizes).toEqual([2])
})

test('an abort between two attempts keeps the verdicts so far', async () => {
  const stop = new AbortController()
  const batch = records(2)
  const send: Send = async () => {
    stop.abort()
    return [delivered, retryable]
  }
  const verdicts = await withRetries({ maxRetries: 5, delayMs: 60_000 }, send)(batch, stop.signal)
  expect(kindsOf(verdicts)).toEqual(['ok', 'retryable'])
})

test('one bad record among twenty is isolated by halving, and the others are accepted once each', async () => {
  const batch = records(20)
  const bad = batch[13] as InferenceRecord
  const arrived: InferenceRecord[] = []
  const send: Send = async (sent) => {
    if (sent.includes(bad)) return forAll(sent, failed({ kind: 'refused', reason: 'HTTP 400' }))
    arrived.push(...sent)
    return forAll(sent, delivered)
  }
  const verdicts = kindsOf(await withBisect(send)(batch, never))
  expect(verdicts.indexOf('permanent')).toBe(13)
  expect(verdicts.filter((kind) => kind === 'ok')).toHaveLength(19)
  expect(arrived).toHaveLength(19)
})

test('halving stops at a retryable half', async () => {
  const next = recordingSizes(async (batch) =>
    batch.length > 4 ? forAll(batch, failed({ kind: 'oversized', reason: '413' })) : forAll(batch, retryable),
  )
  expect(kindsOf(await withBisect(next.send)(records(8), never))).toEqual(Array(8).fill('retryable'))
  expect(next.sizes).toEqual([8, 4])
})

test('a record that is too large even without its content is permanent', async () => {
  const next = recordingSizes(async (batch) => forAll(batch, failed({ kind: 'oversized', reason: '413' })))
  expect(kindsOf(await withBisect(next.send)(records(1), never))).toEqual(['permanent'])
  expect(next.sizes).toEqual([1, 1])
})

test('an attempt that takes too long is retryable, and its request is aborted', async () => {
  let isAborted = false
  const send: Send = (_, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        isAborted = true
        reject(signal.reason)
      })
    })
  expect(kindsOf(await withTimeout(createGrowingTimeout(5), systemClock, send)(records(2), never))).toEqual([
    'retryable',
    'retryable',
  ])
  expect(isAborted).toBe(true)
  const [verdict] = await withTimeout(createGrowingTimeout(5), systemClock, send)(records(1), never)
  expect(verdict).toMatchObject({ fault: { timedOut: true } })
})

test('an abort from outside is not a timeout', async () => {
  const stop = new AbortController()
  const send: Send = (_, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
      stop.abort(new Error('stopping'))
    })
  await expect(
    withTimeout(createGrowingTimeout(60_000), systemClock, send)(records(1), stop.signal),
  ).rejects.toThrow('stopping')
})
