import type { ServerResponse } from 'node:http'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { choosePipe } from './choose-pipe.ts'
import { responseHead } from './headers.ts'

function choose(status: number, fields: readonly string[], usageInjected: boolean, isStream?: boolean) {
  const head = responseHead(fields.map((part) => Buffer.from(part, 'latin1')))
  return choosePipe(status, head, usageInjected, isStream, {
    outgoing: new PassThrough() as unknown as ServerResponse,
    resume: () => undefined,
    onDecodeError: () => undefined,
  })
}

const stream = ['Content-Type', 'text/event-stream; charset=utf-8']
const length = ['Content-Length', '10']

test('cuts usage frames out of a stream with injected usage, whose length no longer holds', () => {
  const { fields, cutter } = choose(200, [...stream, ...length], true)
  expect(cutter).toBeDefined()
  expect(fields).toEqual(stream)
})

test('decodes a compressed stream with injected usage', () => {
  const { fields, cutter } = choose(200, [...stream, ...length, 'Content-Encoding', 'gzip'], true)
  expect(cutter).toBeDefined()
  expect(fields).toEqual(stream)
})

test('cuts usage frames out of an event stream under another content type', () => {
  const plain = ['Content-Type', 'text/plain']
  const { fields, cutter } = choose(200, [...plain, ...length], true, true)
  expect(cutter).toBeDefined()
  expect(fields).toEqual(plain)
  expect(choose(200, [...plain, ...length], true, false).cutter).toBeUndefined()
})

test.each([
  ['without injected usage', 200, stream, false],
  ['with an error status', 400, stream, true],
  ['that is not an event stream', 200, ['Content-Type', 'application/json'], true],
  ['in an unknown coding', 200, [...stream, 'Content-Encoding', 'compress'], true],
] as const)('passes a response %s through, with its length', (_what, status, fields, usageInjected) => {
  const chosen = choose(status, [...fields, ...length], usageInjected)
  expect(chosen.cutter).toBeUndefined()
  expect(chosen.fields).toEqual([...fields, ...length])
})
