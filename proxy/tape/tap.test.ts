import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CallBegin, kinds, readBegin, readEnd, readResponseHead, writeEnd } from './messages.ts'
import { createRingMemory } from './ring.ts'
import { RingReader } from './ring-reader.ts'
import { RingWriter } from './ring-writer.ts'
import { Tap } from './tap.ts'

const call: CallBegin = {
  id: 'a'.repeat(32),
  freshTraceId: 'b'.repeat(32),
  startedAt: 1_700_000_000_000,
  method: 'POST',
  upstream: 'default',
  operation: 'chat',
  route: '/v1/chat/completions',
  pathThread: '',
  body: 'held',
  headers: ['x-user-id', 'Zo\xeb', 'x-tags', ''],
}

function openTape(bytes = 65_536, spareBytes = 1_024) {
  const memory = createRingMemory(bytes)
  const reader = new RingReader(memory)
  let wakes = 0
  let now = 0
  const tap = new Tap({
    ring: new RingWriter(memory),
    spareBytes,
    monotonic: () => ++now,
    wake: () => void wakes++,
  })
  const readAll = () => {
    const messages: { kind: number; call: number; at: number; payload: Buffer }[] = []
    reader.read((kind, number, at, payload) =>
      messages.push({ kind, call: number, at, payload: Buffer.from(payload) }),
    )
    return messages
  }
  return { tap, reader, readAll, wakes: () => wakes }
}

test('a call is on the tape as it went by', () => {
  const { tap, readAll } = openTape()
  const tapped = tap.begin(call, 0.5)
  tapped.requestData(Buffer.from('{}'))
  tapped.responseHead(200, ['Content-Type', 'text/plain', 'X-City', 'K\xf6ln'])
  tapped.responseData(Buffer.from('yes'))
  tapped.end({ kind: 'relayed' }, 2)
  const [begin, request, head, response, end] = readAll()
  expect(begin).toMatchObject({ kind: kinds.begin, call: 1, at: 0.5 })
  expect(readBegin(begin?.payload as Buffer)).toEqual(call)
  expect(request).toMatchObject({ kind: kinds.requestData, call: 1, payload: Buffer.from('{}') })
  expect(readResponseHead(head?.payload as Buffer)).toEqual({
    status: 200,
    fields: ['Content-Type', 'text/plain', 'X-City', 'K\xf6ln'],
  })
  expect(response).toMatchObject({ kind: kinds.responseData, payload: Buffer.from('yes') })
  expect(readEnd(end?.payload as Buffer)).toEqual({
    end: { kind: 'relayed' },
    requestBytes: 2,
    requestShed: 0,
    responseShed: 0,
    usageOption: 'none',
  })
})

test('an end is read as it was written, whatever its error says', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.nat(),
      fc.nat(),
      fc.nat(),
      fc.constantFrom(...(['none', 'injected', 'rejected', 'left_out', 'tried'] as const)),
      (message, requestBytes, requestShed, responseShed, usageOption) => {
        const facts = { requestBytes, requestShed, responseShed, usageOption }
        const relayed = { ...facts, end: { kind: 'relayed' } } as const
        expect(readEnd(Buffer.from(writeEnd(relayed)))).toEqual(relayed)
        const end = {
          end: { kind: 'no_response', error: { type: 'upstream_closed', message } },
          ...facts,
        } as const
        const text = writeEnd(end)
        expect(text).toMatch(/^[\x20-\x7e]*$/)
        expect(readEnd(Buffer.from(text))).toEqual(end)
      },
    ),
  )
})

test('bodies that find no room are left out from there on and counted; the facts of the call are still there', () => {
  const { tap, readAll } = openTape(4_096)
  const tapped = tap.begin(call, 0)
  tapped.requestData(Buffer.alloc(1_000))
  tapped.requestData(Buffer.alloc(5_000))
  tapped.requestData(Buffer.alloc(10))
  tapped.responseHead(200, [])
  tapped.responseData(Buffer.alloc(5_000))
  readAll()
  tapped.responseData(Buffer.alloc(1))
  tapped.end({ kind: 'relayed' }, 6_010)
  const [end] = readAll()
  expect(readEnd(end?.payload as Buffer)).toMatchObject({ requestShed: 5_010, responseShed: 5_001 })
  expect(tap.lostCalls).toBe(0)
})

test('a call whose beginning finds no room is counted as lost, and writes nothing', () => {
  const { tap, readAll } = openTape(1_024, 128)
  while (tap.lostCalls === 0) tap.begin(call, 0)
  const lost = tap.begin(call, 0)
  readAll()
  lost.requestData(Buffer.from('x'))
  lost.end({ kind: 'relayed' }, 1)
  expect(readAll()).toEqual([])
  expect(tap.lostCalls).toBe(2)
})

test('a sleeping reader is woken by whatever comes first', () => {
  const { tap, reader, wakes } = openTape()
  reader.sleep()
  const tapped = tap.begin(call, 0)
  tapped.requestData(Buffer.from('x'))
  expect(wakes()).toBe(1)
})
