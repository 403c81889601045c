import { expect, test } from 'vitest'
import { promptBody } from './prompt.ts'

test.each([500, 100_000, 1_000_000])(
  'a prompt of %i bytes is as long as that, give or take two per cent',
  (bytes) => {
    const body = promptBody({ bytes, stream: false, orders: { kind: 'answer', thinkMs: 0 } })
    expect(Math.abs(body.length - bytes)).toBeLessThan(bytes / 50)
    expect(JSON.parse(body.toString()).stream).toBe(false)
  },
)
