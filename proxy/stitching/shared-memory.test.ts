import { expect, onTestFinished, test } from 'vitest'
import { startRedis } from '../../shared/testing/private-redis.ts'
import { stillClock } from '../../shared/testing/still-clock.ts'
import { testQueue } from '../../shared/testing/test-queue.ts'
import { until } from '../../shared/testing/until.ts'
import { createSharedMemory, sharedStitchingKey } from './shared-memory.ts'
import { aRememberedCall } from './testing/remembered-call.ts'

const noDeadline = new AbortController().signal

async function memoryIn(redisUrl: string, prefix: string) {
  const clock = stillClock()
  const failures: unknown[] = []
  const onFailure = (cause: unknown) => void failures.push(cause)
  const memory = createSharedMemory({ redisUrl, prefix, clock, idleMs: 60_000, onFailure })
  onTestFinished(() => memory.stop?.(noDeadline))
  await memory.start?.()
  return { memory, clock, failures }
}

const idsOf = (calls: readonly { node: { id: string } }[]) => calls.map(({ node }) => node.id)

test('what one sidecar notes another one finds, under any of its keys', async () => {
  const { redisUrl, prefix } = testQueue()
  const [here, there] = [await memoryIn(redisUrl, prefix), await memoryIn(redisUrl, prefix)]
  await until(async () => {
    here.memory.note([aRememberedCall('a', ['k1', 'k2']), aRememberedCall('b', ['k2'])])
    here.clock.advance(3_000)
    there.clock.advance(3_000)
    return (await there.memory.find(['k2'])).length > 0
  })
  expect(new Set(idsOf(await there.memory.find(['k1', 'k9'])))).toEqual(new Set(['a']))
  expect(new Set(idsOf(await there.memory.find(['k2'])))).toEqual(new Set(['a', 'b']))
})

test('without Redis nothing is found at once, it is told of once, and tried again after a pause', async () => {
  const server = await startRedis()
  const { memory, clock, failures } = await memoryIn(server.url, '{own}')
  await until(async () => {
    memory.note([aRememberedCall('a')])
    clock.advance(3_000)
    return (await memory.find(['key'])).length > 0
  })
  const before = failures.length
  await server.stop()
  clock.advance(3_000)
  expect(await memory.find(['key'])).toEqual([])
  clock.advance(3_000)
  expect(await memory.find(['key'])).toEqual([])
  memory.note([aRememberedCall('b')])
  expect(failures.length).toBe(before + 1)
})

test('all sidecars hash with the key of the first', async () => {
  const { redisUrl, prefix } = testQueue()
  expect(await sharedStitchingKey(redisUrl, prefix, 'mine')).toBe('mine')
  expect(await sharedStitchingKey(redisUrl, prefix, 'yours')).toBe('mine')
})
