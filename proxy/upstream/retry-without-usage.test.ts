import { expect, test } from 'vitest'
import { type FakeController, fakeController } from '../testing/fake-controller.ts'
import type { ResponseHandler } from './response-handler.ts'
import { retryWithoutUsage } from './retry-without-usage.ts'

/** A handler behind the retry, and everything that reaches it. */
function wrapped() {
  const seen: string[] = []
  const handler: ResponseHandler = {
    onRequestStart: () => void seen.push('request'),
    onResponseStart: (_controller, status) => void seen.push(`start ${status}`),
    onResponseData: (_controller, chunk) =>
      void seen.push(`data ${chunk.length > 50 ? chunk.length : chunk}`),
    onResponseEnd: () => void seen.push('end'),
    onResponseError: (_controller, cause) => void seen.push(`error ${cause.message}`),
  }
  return { seen, retry: retryWithoutUsage(handler, () => void seen.push('resend')) }
}

function respond(
  retry: ResponseHandler,
  controller: FakeController,
  status: number,
  ...chunks: string[]
): void {
  retry.onRequestStart(controller, {})
  retry.onResponseStart(controller, status, {}, '')
  for (const chunk of chunks) retry.onResponseData(controller, Buffer.from(chunk))
}

test.each([400, 422])('hides a %d that names the option, and resends', (status) => {
  const { seen, retry } = wrapped()
  const controller = fakeController()
  respond(retry, controller, status, 'unknown: stream', '_options')
  retry.onResponseEnd(controller, {})
  expect(seen).toEqual(['request', 'resend'])
})

test('passes another 400 to the handler whole', () => {
  const { seen, retry } = wrapped()
  const controller = fakeController()
  respond(retry, controller, 400, 'no ', 'model')
  expect(seen).toEqual(['request'])
  retry.onResponseEnd(controller, {})
  expect(seen).toEqual(['request', 'start 400', 'data no ', 'data model', 'end'])
})

test('does not hold other responses, informational ones included', () => {
  const { seen, retry } = wrapped()
  const controller = fakeController()
  respond(retry, controller, 103)
  retry.onResponseStart(controller, 429, {}, '')
  retry.onResponseData(controller, Buffer.from('stream_options'))
  expect(seen).toEqual(['request', 'start 103', 'start 429', 'data stream_options'])
})

test('releases an error body that grows over the limit', () => {
  const { seen, retry } = wrapped()
  const controller = fakeController()
  respond(retry, controller, 400, 'x'.repeat(64 * 1024))
  expect(seen).toEqual(['request'])
  retry.onResponseData(controller, Buffer.from('y'))
  expect(seen).toEqual(['request', 'start 400', 'data 65536', 'data y'])
  retry.onResponseData(controller, Buffer.from('stream_options'))
  retry.onResponseEnd(controller, {})
  expect(seen.slice(-2)).toEqual(['data stream_options', 'end'])
})

test('releases a held response before its error', () => {
  const { seen, retry } = wrapped()
  const controller = fakeController()
  respond(retry, controller, 422, 'stream_options')
  retry.onResponseError(controller, new Error('closed'))
  expect(seen).toEqual(['request', 'start 422', 'data stream_options', 'error closed'])
})
