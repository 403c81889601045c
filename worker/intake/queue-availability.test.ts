import { expect, test } from 'vitest'
import { trackAvailability } from './queue-availability.ts'

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
