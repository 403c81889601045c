import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { selfSigned } from '../../shared/testing/self-signed.ts'
import { certificateCheck } from './certificate.ts'

const never = new AbortController().signal
const inTwoDays = Date.now() + 2 * 86_400_000

test('a certificate is shown with its names and its end, and not ok after that', async () => {
  const { certFile: tlsCert, keyFile: tlsKey } = selfSigned()
  const run = (now: number) => certificateCheck({ tlsCert, tlsKey }, now).run(never)
  expect(await run(Date.now())).toMatchObject({
    state: 'ok',
    summary: expect.stringMatching(
      /^the certificate is for DNS:localhost, IP Address:127\.0\.0\.1, until \d{4}-/,
    ),
  })
  expect(await run(inTwoDays)).toMatchObject({
    state: 'not ok',
    summary: expect.stringContaining('has ended'),
  })
  writeFileSync(tlsKey, selfSigned().key)
  expect(await run(0)).toMatchObject({
    state: 'not ok',
    summary: expect.stringContaining('of another certificate'),
  })
})

test('without one it says that the port speaks plain HTTP', async () => {
  expect(await certificateCheck({}, 0).run(never)).toMatchObject({ state: 'not used' })
})
