import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { malformedRequest } from '../ingress/malformed-request.ts'
import { connectTo, lend, schemeEnv, schemes, sendRaw } from '../testing/lend.ts'

const post = (fields: string, body = '') =>
  `POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\n${fields}\r\n\r\n${body}`

test('a head that does not come in time is rejected with a code of its own', () => {
  expect(malformedRequest(Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }))).toEqual({
    code: 'request_timeout',
    message: 'the head of the request did not come in time',
  })
})

describe.each(schemes)('over %s', (scheme) => {
  test.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400, 'unreadable_request'],
    ['two lengths', post('Content-Length: 1\r\nContent-Length: 2', '{}'), 400, 'unreadable_request'],
    ['a body in broken chunks', post('Transfer-Encoding: chunked', 'zz\r\n'), 400, 'unreadable_request'],
    ['a head that is too large', post(`X-Long: ${'x'.repeat(40_000)}`), 431, 'headers_too_large'],
  ])('%s is rejected in OpenAI error shape and counted', async (_what, request, status, code) => {
    const { upstream, proxy } = await lend(undefined, schemeEnv(scheme))
    const response = await sendRaw(proxy.origin, request)
    const [head = '', body = ''] = response.split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [A-Z].*\r\nconnection: close$`, 's'))
    expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`)
    expect(JSON.parse(body)).toMatchObject({ error: { code, type: 'invalid_request_error', param: null } })
    expect(upstream.requests).toEqual([])
    expect(await proxy.registry.metrics()).toContain(`threadtap_refused_requests_total{reason="${code}"} 1`)
  })

  test('a malformed request behind a call is rejected after the response, and never within it', async () => {
    const { proxy } = await lend(({ headers }, outgoing) => {
      if (headers['x-patient'] !== undefined) outgoing.end('{"ok":true}')
    }, schemeEnv(scheme))

    const waiting = connectTo(proxy.origin)
    waiting.write(`${post('Content-Length: 2', '{}')}garbage\r\n\r\n`)
    expect(await text(waiting)).toBe('')
    expect(await proxy.record(1)).toMatchObject({ ending: 'client_closed' })

    const patient = connectTo(proxy.origin).setEncoding('latin1')
    patient.write(post('X-Patient: yes\r\nContent-Length: 2', '{}'))
    let got = ''
    let hasResponse = false
    for await (const part of patient) {
      got += part
      if (hasResponse || !got.includes('{"ok":true}')) continue
      hasResponse = true
      patient.write('garbage\r\n\r\n')
    }
    expect(got).toMatch(/^HTTP\/1\.1 200 .*\{"ok":true\}.*HTTP\/1\.1 400 .*unreadable_request/s)
  })
})
