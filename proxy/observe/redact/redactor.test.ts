import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRedactions, readySets } from '../../../shared/config/redactions.ts'
import { systemClock } from '../../../shared/timing/clock.ts'
import { createRedactor, notRedacted } from './redactor.ts'

const limit = { clock: systemClock, onExceeded: () => undefined }

const redact = (settings: string, text: string): string =>
  createRedactor(parseRedactions(settings), limit)?.text(text) ?? text

test.each([
  ['email', "write to Ann.O'Neil+x@mail.example.co.uk, or not", 'write to [email], or not'],
  ['email', 'jürgen@müller.example and a@b', '[email] and a@b'],
  ['card', 'pay with 4111 1111 1111 1111.', 'pay with [card].'],
  ['card', '5500-0000-0000-0004', '[card]'],
  ['card', 'order 4111111111111112 and 1111111111111111', 'order 4111111111111112 and 1111111111111111'],
  ['card', '0.4111111111111111', '0.4111111111111111'],
  ['card', '4111 1111 1111 1111 12/27 123', '[card] 12/27 123'],
  ['card', 'order 1234 4111 1111 1111 1111', 'order 1234 [card]'],
  ['card', '378282246310005 1 5500-0000-0000-0004', '[card] 1 [card]'],
  ['card', '1000 2000 3000 4000 5000 6000 7000', '1000 2000 3000 4000 5000 6000 7000'],
  ['email', '{"to":"ann\\u0040mail.example"}', '{"to":"[email]"}'],
  ['email', '{"to":"j\\u00fcrgen@m\\u00fcller.example","n":"\\u00fc"}', '{"to":"[email]","n":"ü"}'],
  ['email', '{"n":"\\u00fc\\u0022"}', '{"n":"\\u00fc\\u0022"}'],
  ['email', 'write to ann.secret@mai … [20 more characters]', 'write to  … [34 more characters]'],
  ['card', 'pay with 4111 1111 11 … [7 more characters]', 'pay with  … [19 more characters]'],
  ['key', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWI … [90 more characters]', ' … [118 more characters]'],
  ['phone', 'call +49 (0)30 1234567, 030/1234567 or (555) 123-4567', 'call [phone], [phone] or [phone]'],
  ['phone', 'in 2026-11-27 there were 1234567890 calls', 'in 2026-11-27 there were 1234567890 calls'],
  ['key', 'OPENAI_API_KEY=sk-proj-abcDEF0123456789_xyz', 'OPENAI_API_KEY=[key]'],
  ['key', 'AKIAIOSFODNN7EXAMPLE and ghp_abcdefghijklmnopqrstuvwxyz012345', '[key] and [key]'],
  ['key', 'Authorization: Bearer abcdefghijklmnop.qrst', 'Authorization: Bearer [key]'],
  ['key', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.dBjftJeZ4CVPmB92K27uhbUJU1p1r_wW1gFWFOEjXk', '[key]'],
  ['key', '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', '[key]'],
  [
    'key',
    '-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-128-CBC,0A\n\nMIIE\n-----END RSA PRIVATE KEY-----.',
    '[key].',
  ],
  ['key', '-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQ-x\n-----END PGP PRIVATE KEY BLOCK-----', '[key]'],
  ['key', 'a risk-averse task_runner_with_a_long_name', 'a risk-averse task_runner_with_a_long_name'],
  ['/ACME-\\d+/i,email', 'acme-17 of a@b.example', '[redacted] of [email]'],
  ['/a,b/', 'a,b', '[redacted]'],
])('%s redacts "%s"', (settings, text, redacted) => {
  expect(redact(settings, text)).toBe(redacted)
})

test('ids that differ go on differing, and the same stays the same', () => {
  const redactor = createRedactor(parseRedactions('email'), limit)
  const [ann, bob] = ['user:ann@a.example', 'user:bob@a.example'].map((id) => redactor?.id(id))
  expect(ann).toMatch(/^user:\[email [0-9a-f]{8}\]$/)
  expect(ann).not.toBe(bob)
  expect(redactor?.id('user:ann@a.example')).toBe(ann)
})

test('nothing is made where nothing is to be redacted', () => {
  expect(createRedactor(parseRedactions(''), limit)).toBeUndefined()
})

test('what was redacted once is not redacted again, whatever the text', () => {
  const redactor = createRedactor(parseRedactions(readySets.join()), limit)
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
  ' '.repeat(200_000),
  'bearer '.repeat(30_000),
  '\\u0040'.repeat(30_000),
])('a hostile text costs about as much as any other (%#)', (hostile) => {
  const redactor = createRedactor(parseRedactions(readySets.join()), limit)
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

test('a pattern that takes for ever costs a text its content, and those after it no time for a while', () => {
  let now = 0
  let exceeded = 0
  const redactor = createRedactor(parseRedactions('/(a+)+$/,email'), {
    clock: { monotonic: () => now },
    onExceeded: () => {
      exceeded += 1
    },
    maxMs: 20,
    pauseMs: 1_000,
  })
  if (redactor === undefined) throw new Error('nothing to redact')
  const endless = `${'a'.repeat(100)}!`
  expect(redactor.text('x aaa')).toBe('x [redacted]')
  expect(redactor.text(endless)).toBe(notRedacted)
  expect(redactor.text('x aaa')).toBe(notRedacted)
  expect(redactor.id('x aaa')).not.toBe(redactor.id('y aaa'))
  now += 1_000
  expect(redactor.text('x aaa')).toBe('x [redacted]')
  expect(exceeded).toBe(4)
})

test('texts of one record share the time', () => {
  const redactor = createRedactor(parseRedactions('/(a+)+$/'), { ...limit, maxMs: 20 })
  const text = redactor?.whole(
    () => redactor.text(`${'a'.repeat(100)}!`),
    (hiding) => `without: ${hiding.text('b')}`,
  )
  expect(text).toBe(`without: ${notRedacted}`)
})
