import { expect, test } from 'vitest'
import type { RelayEnd } from '../tape/relay-end.ts'
import { endingOf, type ResponseState } from './ending.ts'

const broken = { type: 'upstream_closed', message: 'reset' }
const reported = { type: 'server_error', message: 'sorry' }
const complete: ResponseState = { status: 200, streamed: true, ended: true }
const cutOff: ResponseState = { status: 200, streamed: true, ended: false }
const plain: ResponseState = { status: 200, streamed: false, ended: false }

test.each<[string, RelayEnd, ResponseState, string, string | undefined]>([
  ['a stream with its end mark is completed', { kind: 'relayed' }, complete, 'completed', undefined],
  ['a stream without one is truncated', { kind: 'relayed' }, cutOff, 'truncated', 'truncated'],
  ['a response that is not streamed needs no end mark', { kind: 'relayed' }, plain, 'completed', undefined],
  [
    'no response is an upstream error',
    { kind: 'no_response', error: broken },
    { streamed: false, ended: false },
    'upstream_error',
    'upstream_closed',
  ],
  [
    'a status of 400 or more is an upstream error',
    { kind: 'relayed' },
    { ...plain, status: 503, error: reported },
    'upstream_error',
    'server_error',
  ],
  [
    'an error that the upstream does not name is named by its status',
    { kind: 'client_closed' },
    { ...plain, status: 503 },
    'upstream_error',
    'http_503',
  ],
  [
    'an error in the response takes precedence over how the relay ended',
    { kind: 'upstream_closed', error: broken },
    { ...cutOff, error: reported },
    'error_in_stream',
    'server_error',
  ],
  ['a client may close after the end mark', { kind: 'client_closed' }, complete, 'completed', undefined],
  [
    'a client that closes before the end mark has closed',
    { kind: 'client_closed' },
    cutOff,
    'client_closed',
    'client_closed',
  ],
  [
    'a connection that broke is reported even after the end mark',
    { kind: 'upstream_closed', error: broken },
    complete,
    'upstream_closed',
    'upstream_closed',
  ],
  [
    'a timeout is reported as one',
    { kind: 'timed_out', error: { type: 'timeout', message: 'silent' } },
    cutOff,
    'timed_out',
    'timeout',
  ],
])('%s', (_, end, state, ending, errorType) => {
  const actual = endingOf(end, state)
  expect([actual.ending, actual.error?.type]).toEqual([ending, errorType])
})
