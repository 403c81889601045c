import { expect, test } from 'vitest'
import { createLogger } from '../shared/logger.ts'
import { createRelayEvents } from './relay-events.ts'

test('refusals of one kind are one line, and all of them are counted', () => {
  const lines: string[] = []
  const events = createRelayEvents(createLogger('info', 'proxy', { write: (line) => void lines.push(line) }))
  for (let n = 0; n < 100; n++) events.requestRejected('foreign_page')
  events.requestRejected('invalid_context')
  expect(lines.map((line) => JSON.parse(line).reason)).toEqual(['foreign_page', 'invalid_context'])
  expect(events.counts().refused).toEqual({ foreign_page: 100, invalid_context: 1 })
})
