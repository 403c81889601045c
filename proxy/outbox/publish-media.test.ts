import { expect, test } from 'vitest'
import type { PutOutcome } from '../../shared/queue/media-in-redis.ts'
import { encodePack } from '../../shared/record/codec.ts'
import { createMediaPublisher, type PublishedMediaOutcome } from './publish-media.ts'

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)]

const packNaming = (...hashes: readonly string[]) =>
  encodePack(
    'p-1-1',
    '1',
    hashes.map((sha256) =>
      JSON.stringify({ id: 'r', media: [{ field: 'input', mediaType: 'image/png', bytes: 3, sha256 }] }),
    ),
  )

function lend(
  put: (sha256: string, bytes?: Buffer) => Promise<PutOutcome>,
  kept: readonly string[] = [a, b],
) {
  const outcomes: PublishedMediaOutcome[] = []
  const released: string[] = []
  const sent: string[] = []
  const publisher = createMediaPublisher({
    media: {
      read: async (sha256) => (kept.includes(sha256) ? Buffer.from('abc') : undefined),
      release: (hashes) => released.push(...hashes),
    },
    put(sha256, _size, bytes) {
      if (bytes !== undefined) sent.push(sha256)
      return put(sha256, bytes)
    },
    onOutcome: (outcome) => outcomes.push(outcome),
  })
  return { publisher, outcomes, released, sent }
}

test('the media of a pack are sent once each, and released once for each record', async () => {
  const { publisher, outcomes, released, sent } = lend(async (_, bytes) =>
    bytes === undefined ? 'absent' : 'kept',
  )
  const pack = packNaming(a, b, a)
  await publisher.handOver(pack)
  expect(sent).toEqual([a, b])
  expect(outcomes).toEqual(['queued', 'queued'])
  publisher.handedOver(pack)
  expect(released).toEqual([a, b, a])
})

test('what Redis has already is not sent', async () => {
  const { publisher, outcomes, sent } = lend(async () => 'kept')
  await publisher.handOver(packNaming(a))
  expect(sent).toEqual([])
  expect(outcomes).toEqual(['queued'])
})

test('where Redis is full or fails the pack goes without', async () => {
  const full = lend(async () => 'full')
  await full.publisher.handOver(packNaming(a))
  expect(full.outcomes).toEqual(['queue_full'])
  const failing = lend(async () => {
    throw new Error('OOM command not allowed')
  })
  await failing.publisher.handOver(packNaming(a, b))
  expect(failing.outcomes).toEqual(['queue_failed'])
})

test('bytes that are gone, and packs that cannot be read, cost nothing', async () => {
  const { publisher, outcomes } = lend(async () => 'kept', [])
  await publisher.handOver(packNaming(a))
  await publisher.handOver('{"sha256": no JSON')
  expect(outcomes).toEqual([])
})
