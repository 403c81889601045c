import { expect, test } from 'vitest'
import type { RelayEnd } from './call.ts'
import { endingOf, type ResponseState } from './ending.ts'

const broken = { type: 'upstream_closed', message: 'reset' }
const told = { type: 'server_error', message: 'sorry' }
const whole: ResponseState = { status: 200, streamed: true, ended: true }
const cutOff: ResponseState = { status: 200, streamed: true, ended: false }
const plain: ResponseState = { status: 200, streamed: false, ended: false }

test.each<[string, RelayEnd, ResponseState, string, string | undefined]>([
  ['a stream with its end mark is completed', { kind: 'relayed' }, whole, 'completed', undefined],
  ['a stream without one is truncated', { kind: 'relayed' }, cutOff, 'truncated', 'truncated'],
  ['a plain answer needs no end mark', { kind: 'relayed' }, plain, 'completed', undefined],
  [
    'no answer is an upstream error',
    { kind: 'no_answer', error: broken },
    { streamed: false, ended: false },
    'upstream_error',
    'upstream_closed',
  ],
  [
    'a status of 400 or more is one too',
    { kind: 'relayed' },
    { ...plain, status: 503, error: told },
    'upstream_error',
    'server_error',
  ],
  [
    'its status names it where nothing else does',
    { kind: 'client_closed' },
    { ...plain, status: 503 },
    'upstream_error',
    'http_503',
  ],
  [
    'an error within the answer goes before how the relay ended',
    { kind: 'upstream_closed', error: broken },
    { ...cutOff, error: told },
    'error_in_stream',
    'server_error',
  ],
  ['a client may leave after the end mark', { kind: 'client_closed' }, whole, 'completed', undefined],
  [
    'a client that leaves before it has left',
    { kind: 'client_closed' },
    cutOff,
    'client_closed',
    'client_closed',
  ],
  [
    'a connection that broke is told so even after the end mark',
    { kind: 'upstream_closed', error: broken },
    whole,
    'upstream_closed',
    'upstream_closed',
  ],
  [
    'silence is a time-out',
    { kind: 'timed_out', error: { type: 'timeout', message: 'silent' } },
    cutOff,
    'timed_out',
    'timeout',
  ],
])('%s', (_, end, state, ending, errorType) => {
  const outcome = endingOf(end, state)
  expect([outcome.ending, outcome.error?.type]).toEqual([ending, errorType])
})
