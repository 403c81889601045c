import { expect, test } from 'vitest'
import { lendResponse } from '../testing/lend-response.ts'
import { responseHead } from './headers.ts'
import { forwardInformational } from './informational-responses.ts'

const head = (...fields: string[]) => responseHead(fields.map((part) => Buffer.from(part, 'latin1')))

async function forwarded(status: number, fields: string[], version = '1.1'): Promise<string> {
  const { outgoing, received } = await lendResponse(
    `GET / HTTP/${version}\r\nHost: a\r\nConnection: close\r\n\r\n`,
  )
  forwardInformational(outgoing, status, head(...fields))
  outgoing.end()
  return (await received()).split(/HTTP\/1\.1 200/)[0] ?? ''
}

test('forwards 102', async () => {
  expect(await forwarded(102, [])).toBe('HTTP/1.1 102 Processing\r\n\r\n')
})

test('forwards 103 with every link, whether of one field or of several', async () => {
  const link = await forwarded(103, [
    'Link',
    '</a,b>; rel=preload, </c>; rel=preload',
    'link',
    '</d>; rel=preload',
  ])
  expect(link).toBe(
    'HTTP/1.1 103 Early Hints\r\nLink: </a,b>; rel=preload, </c>; rel=preload, </d>; rel=preload\r\n\r\n',
  )
})

test.each([
  ['a link that Node rejects', 103, ['Link', 'nonsense'], '1.1'],
  ['another status', 110, [], '1.1'],
  ['an HTTP/1.0 client', 102, [], '1.0'],
])('forwards nothing for %s', async (_what, status, fields, version) => {
  expect(await forwarded(status, fields, version)).toBe('')
})
