import fc from 'fast-check'
import { expect, test } from 'vitest'
import { replaceInChunks, sliceChunks } from './chunks.ts'

const chunks = fc.array(
  fc.uint8Array({ maxLength: 5 }).map((bytes) => Buffer.from(bytes)),
  { maxLength: 6 },
)

test('chunks are cut and edited as the whole body would be', () => {
  fc.assert(
    fc.property(chunks, fc.nat(30), fc.nat(30), fc.string(), (given, a, b, text) => {
      const whole = Buffer.concat(given)
      const [start, end] = [Math.min(a, b, whole.length), Math.min(Math.max(a, b), whole.length)]
      expect(Buffer.concat([sliceChunks(given, start, end)])).toEqual(whole.subarray(start, end))
      const edited = Buffer.concat([whole.subarray(0, start), Buffer.from(text), whole.subarray(end)])
      expect(Buffer.concat(replaceInChunks(given, start, end, Buffer.from(text)))).toEqual(edited)
    }),
  )
})
