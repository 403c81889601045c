import { expect, test } from 'vitest'
import { reasonOf } from './error-cause.ts'
import { createLogger } from './logger.ts'

function linesOf(cause: unknown): string {
  let text = ''
  const write = (line: string): void => {
    text += line
  }
  const log = createLogger('info', 'proxy', { write })
  log.warn({ err: cause }, 'failed')
  return text
}

test('of an error the log has type, message, code, stack and causes', () => {
  const inner = Object.assign(new RangeError('too far'), { code: 'EFAR' })
  const line = JSON.parse(linesOf(new Error('it failed', { cause: inner })))
  expect(line).toMatchObject({
    msg: 'failed',
    err: {
      type: 'Error',
      message: 'it failed',
      cause: { type: 'RangeError', message: 'too far', code: 'EFAR' },
    },
  })
  expect(line.err.stack).toContain('logged-error.test')
})

test('what a library hangs on its errors is not in the log: a command of Redis has the password', () => {
  const cause = Object.assign(new Error('WRONGPASS invalid username-password pair'), {
    command: { name: 'hello', args: ['3', 'AUTH', 'default', 'pass-of-redis'] },
  })
  expect(linesOf(cause)).toContain('WRONGPASS')
  expect(linesOf(cause)).not.toContain('pass-of-redis')
  expect(linesOf(new Error('outside', { cause }))).not.toContain('pass-of-redis')
})

test('credentials in messages are masked, for the log and for /readyz', () => {
  const cause = new Error(
    "ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'x' 'pass-of-redis'",
  )
  expect(linesOf(cause)).not.toContain('pass-of-redis')
  expect(reasonOf(cause)).not.toContain('pass-of-redis')
  expect(reasonOf('no answer from http://ada:pass-of-redis@h')).toBe('no answer from http://***@h')
})

test('what is thrown and is no error is a text', () => {
  expect(JSON.parse(linesOf('broken')).err).toEqual({ type: 'string', message: 'broken' })
})
