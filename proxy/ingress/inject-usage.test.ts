import fc from 'fast-check'
import { expect, test } from 'vitest'
import { injectIncludeUsage } from './inject-usage.ts'
import { heldBody } from './testing/held-body.ts'

type Operation = 'chat' | 'text_completion' | 'responses'

/** @param cuts where the body was cut into chunks on its way */
function inject(
  text: string,
  operation: Operation = 'chat',
  cuts: readonly number[] = [],
): string | undefined {
  const rewritten = injectIncludeUsage(operation, heldBody(Buffer.from(text), cuts))
  return rewritten && Buffer.concat(rewritten).toString()
}

test('injects include_usage into a streamed request that does not set it, and changes nothing else', () => {
  expect(inject('{ "seed": 15092511270073158000,\n "stream": true, "model":"é" }')).toBe(
    '{"stream_options":{"include_usage":true}, "seed": 15092511270073158000,\n "stream": true, "model":"é" }',
  )
})

test.each([
  ['{"stream":true,"stream_options":{}}', '{"stream":true,"stream_options":{"include_usage":true}}'],
  [
    '{"stream":true,"stream_options": {"x":1}}',
    '{"stream":true,"stream_options": {"include_usage":true,"x":1}}',
  ],
  ['{"stream_options" : null ,"stream":true}', '{"stream_options" : {"include_usage":true} ,"stream":true}'],
  [
    '{"a":{"stream_options":{}},"b":"}\\"{","stream_options":{"x":[1,{}]},"stream":true}',
    '{"a":{"stream_options":{}},"b":"}\\"{","stream_options":{"include_usage":true,"x":[1,{}]},"stream":true}',
  ],
])('injects it into existing options: %s', (given, expected) => {
  expect(inject(given)).toBe(expected)
})

test.each([
  '{"stream":true,"stream_options":{"include_usage":false}}',
  '{"stream":true,"stream_options":{"include_usage":true}}',
  '{"stream":true,"stream_options":{"include_usage":null}}',
  '{"stream":true,"stream_options":7}',
  '{"stream":false}',
  '{}',
  '[1]',
])('does not rewrite %s', (given) => {
  expect(inject(given)).toBeUndefined()
})

test('injects for text completions too, and for no other operation', () => {
  expect(inject('{"stream":true}', 'text_completion')).toContain('include_usage')
  expect(inject('{"stream":true}', 'responses')).toBeUndefined()
})

test('whatever the body contains, only the option is added', () => {
  const body = fc.dictionary(fc.string(), fc.jsonValue()).map((rest) => ({ ...rest, stream: true }))
  const options = fc.option(fc.dictionary(fc.constantFrom('a', 'b', '"{'), fc.jsonValue()), {
    nil: undefined,
  })
  const cuts = fc.array(fc.nat(1_000), { maxLength: 4 })
  fc.assert(
    fc.property(body, options, fc.integer({ min: 0, max: 3 }), cuts, (rest, stream_options, indent, at) => {
      const sent = JSON.stringify(
        stream_options === undefined ? rest : { ...rest, stream_options },
        null,
        indent,
      )
      const given = JSON.parse(sent)
      const rewritten = JSON.parse(inject(sent, 'chat', at) ?? 'null')
      expect(rewritten).toEqual({
        ...given,
        stream_options: { ...given.stream_options, include_usage: true },
      })
    }),
  )
})
