import { expect, onTestFinished, test } from 'vitest'
import { workerConnection } from '../../shared/queue/redis.ts'
import { startRedis } from '../../shared/testing/private-redis.ts'
import { until } from '../../shared/testing/until.ts'
import { trackAvailability, watchConnection } from './queue-availability.ts'

const names = { queueName: 'packs', prefix: '{test}' }

test('every failure is reported, and once that the queue is ready', () => {
  const reported: string[] = []
  const availability = trackAvailability({
    queueReady: () => reported.push('ready'),
    queueUnavailable: (reason) => reported.push(reason),
  })
  const refused = new Error('connect ECONNREFUSED 127.0.0.1:6379')
  expect(availability.failed(refused)).toBe(refused.message)
  expect(availability.failed(refused)).toBe(refused.message)
  availability.ready()
  availability.ready()
  availability.failed(new Error('OOM command not allowed'))
  expect(reported).toEqual([refused.message, refused.message, 'ready', 'OOM command not allowed'])
})

test('a Redis that was there and answers nothing any more is reported, and used again once it answers', async () => {
  const server = await startRedis()
  const redis = workerConnection(server.url)
  const reported: string[] = []
  const availability = trackAvailability({
    queueReady: () => reported.push('ready'),
    queueUnavailable: (reason) => reported.push(reason),
  })
  const watch = watchConnection(redis, names, availability, 20)
  onTestFinished(async () => {
    watch.stop()
    redis.disconnect()
    await server.stop()
  })
  await until(() => reported.at(-1) === 'ready')
  server.freeze()
  await until(() => reported.at(-1) === 'Redis does not answer')
  server.thaw()
  await until(() => reported.at(-1) === 'ready')
  expect(await redis.ping()).toBe('PONG')
})

test('a connection that is open and silent is made anew', async () => {
  const server = await startRedis()
  const redis = workerConnection(server.url)
  redis.on('error', () => undefined)
  const availability = { ready: () => undefined, failed: ({ message }: Error) => message }
  await redis.ping()
  let connections = 0
  redis.on('connect', () => {
    connections++
  })
  server.freeze()
  const watch = watchConnection(redis, names, availability, 20)
  onTestFinished(async () => {
    watch.stop()
    redis.disconnect()
    await server.stop()
  })
  await until(() => connections > 0)
  server.thaw()
  expect(await redis.ping()).toBe('PONG')
})
