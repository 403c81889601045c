import { expect, test } from 'vitest'
import { basicAuthorization } from './credentials.ts'

test('the key pair is sent as user and password', () => {
  expect(basicAuthorization('pk-lf-1', 'sk-lf-1')).toBe('Basic cGstbGYtMTpzay1sZi0x')
})
