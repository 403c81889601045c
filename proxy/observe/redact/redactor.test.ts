import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRedactions, readySets } from '../../../shared/config/redactions.ts'
import { createRedactor } from './redactor.ts'

const redact = (settings: string, text: string): string =>
  createRedactor(parseRedactions(settings))?.text(text) ?? text

test.each([
  ['email', "write to Ann.O'Neil+x@mail.example.co.uk, or not", 'write to [email], or not'],
  ['email', 'jürgen@müller.example and a@b', '[email] and a@b'],
  ['card', 'pay with 4111 1111 1111 1111.', 'pay with [card].'],
  ['card', '5500-0000-0000-0004', '[card]'],
  ['card', 'order 4111111111111112 and 1111111111111111', 'order 4111111111111112 and 1111111111111111'],
  ['card', '0.4111111111111111', '0.4111111111111111'],
  ['phone', 'call +49 (0)30 1234567, 030/1234567 or (555) 123-4567', 'call [phone], [phone] or [phone]'],
  ['phone', 'in 2026-11-27 there were 1234567890 calls', 'in 2026-11-27 there were 1234567890 calls'],
  ['key', 'OPENAI_API_KEY=sk-proj-abcDEF0123456789_xyz', 'OPENAI_API_KEY=[key]'],
  ['key', 'AKIAIOSFODNN7EXAMPLE and ghp_abcdefghijklmnopqrstuvwxyz012345', '[key] and [key]'],
  ['key', 'Authorization: Bearer abcdefghijklmnop.qrst', 'Authorization: Bearer [key]'],
  ['key', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.dBjftJeZ4CVPmB92K27uhbUJU1p1r_wW1gFWFOEjXk', '[key]'],
  ['key', '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', '[key]'],
  ['key', 'a risk-averse task_runner_with_a_long_name', 'a risk-averse task_runner_with_a_long_name'],
  ['/ACME-\\d+/i,email', 'acme-17 of a@b.example', '[redacted] of [email]'],
  ['/a,b/', 'a,b', '[redacted]'],
])('%s redacts "%s"', (settings, text, redacted) => {
  expect(redact(settings, text)).toBe(redacted)
})

test('ids that differ go on differing, and the same stays the same', () => {
  const redactor = createRedactor(parseRedactions('email'))
  const [ann, bob] = ['user:ann@a.example', 'user:bob@a.example'].map((id) => redactor?.id(id))
  expect(ann).toMatch(/^user:\[email [0-9a-f]{8}\]$/)
  expect(ann).not.toBe(bob)
  expect(redactor?.id('user:ann@a.example')).toBe(ann)
})

test('nothing is made where nothing is to be redacted', () => {
  expect(createRedactor(parseRedactions(''))).toBeUndefined()
})

test('what was redacted once is not redacted again, whatever the text', () => {
  const redactor = createRedactor(parseRedactions(readySets.join()))
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const once = redactor?.text(text) ?? ''
      expect(redactor?.text(once)).toBe(once)
    }),
  )
})

test.each([
  'a'.repeat(200_000),
  '1 '.repeat(100_000),
  'a.'.repeat(100_000),
  '@'.repeat(200_000),
  '-----BEGIN '.repeat(20_000),
  'eyJ'.repeat(60_000),
])('a hostile text costs about as much as any other (%#)', (hostile) => {
  const redactor = createRedactor(parseRedactions(readySets.join()))
  const spent = (text: string): number => {
    const before = process.cpuUsage().user
    redactor?.text(text)
    return process.cpuUsage().user - before
  }
  // Half the text must not cost less than a quarter: quadratic work would.
  const [half, whole] = [spent(hostile.slice(0, hostile.length / 2)), spent(hostile)]
  expect(whole).toBeLessThan(Math.max(4 * half, 200_000))
})

test.each([
  ['mail', '"mail" is neither'],
  ['/(/', '/(/ is no pattern'],
  ['/a*/', 'it matches nothing at all'],
])('%s is refused in a sentence', (settings, why) => {
  expect(() => parseRedactions(settings)).toThrow(why)
})
