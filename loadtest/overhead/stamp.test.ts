import { expect, test } from 'vitest'
import { ageReader, stamp } from './stamp.ts'

const frame = () => `data: {"content":"${stamp()}xxx"}\n\n`

test('each stamped frame is reported once, with the chunk that completes it, however the stream is split', () => {
  const read = ageReader()
  const [first, second, third] = [frame(), frame(), frame()]
  expect(read(Buffer.from(first))).toHaveLength(1)
  expect(read(Buffer.from(second.slice(0, 25)))).toHaveLength(0)
  expect(read(Buffer.from(second.slice(25) + third))).toHaveLength(2)
  expect(read(Buffer.from('data: [DONE]\n\n'))).toHaveLength(0)
})

test('the age of a frame is the time since its stamp', () => {
  const read = ageReader()
  const old = frame().replace(/@(\d+)@/, (_, micros) => `@${Number(micros) - 5_000}@`)
  const [age = 0] = read(Buffer.from(old))
  expect(age).toBeGreaterThanOrEqual(5)
})
