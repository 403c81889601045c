import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../../../shared/json.ts'
import type { Output } from '../../../../shared/record/output.ts'
import type { Operation } from '../../../../shared/record/record.ts'
import { chatViewOf } from '../../../../shared/testing/fake-langfuse/chat/chat-view.ts'
import { aRecord } from '../../../testing/records.ts'
import { inputOf } from '../data-model/input.ts'
import { outputOf } from '../data-model/output.ts'

// Whatever clients and models send in the place of what their API describes, what the page gets is a chat.

const texts = ['hi', '', '[]', 'null', '{"a":1}', "{'a': None}", '{"name":null}', '{"parts":[],"role":"x"}']
const text = fc.oneof(fc.constantFrom(...texts), fc.string({ maxLength: 8 }))
const any = fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) })
const orAny = (arbitrary: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 6, arbitrary }, { weight: 1, arbitrary: any })

const object = (type: readonly string[], ...names: readonly string[]) =>
  orAny(
    fc.record(
      { type: fc.constantFrom(...type), ...Object.fromEntries(names.map((name) => [name, any])) },
      {
        requiredKeys: ['type'],
      },
    ),
  )
const part = object(
  [
    'text',
    'image_url',
    'input_audio',
    'file',
    'thinking',
    'tool_use',
    'tool_result',
    'tool-call',
    'refusal',
    'x',
  ],
  ...['text', 'image_url', 'input_audio', 'file', 'thinking', 'id', 'name', 'input', 'content', 'source'],
)
const call = object(['function', 'custom'], 'id', 'function', 'custom', 'name', 'arguments', 'index')
const tool = object(
  ['function', 'custom', 'mcp', 'x'],
  'name',
  'function',
  'description',
  'parameters',
  'custom',
)
const item = object(
  ['message', 'reasoning', 'function_call', 'function_call_output', 'mcp_call', 'code_interpreter_call', 'x'],
  ...[
    'role',
    'content',
    'call_id',
    'id',
    'name',
    'arguments',
    'output',
    'summary',
    'code',
    'encrypted_content',
  ],
)
const beside = ['name', 'tool_call_id', 'refusal', 'reasoning', 'audio', 'thinking', 'type', 'tools', 'parts']
const message = orAny(
  fc.record(
    {
      role: orAny(fc.constantFrom('system', 'user', 'assistant', 'tool', 'function', 'model')),
      content: fc.oneof(text, fc.array(part, { maxLength: 3 }), any),
      tool_calls: orAny(fc.array(call, { maxLength: 2 })),
      ...Object.fromEntries([...beside, 'output', 'choices', 'function_call'].map((name) => [name, any])),
    },
    { requiredKeys: ['role', 'content'] },
  ),
)
const list = (entry: fc.Arbitrary<unknown>) => fc.array(entry, { maxLength: 4 })

const cases: readonly [Operation, fc.Arbitrary<unknown>, fc.Arbitrary<unknown>][] = [
  ['chat', fc.record({ messages: list(message), tools: list(tool) }), list(message)],
  ['messages', fc.record({ messages: list(message), tools: list(tool), system: any }), list(part)],
  ['responses', fc.record({ input: list(item), tools: list(tool), instructions: any }), list(item)],
]

function outputFor(operation: Operation, parts: readonly Json[]): Output {
  if (operation === 'responses') return { kind: 'items', items: parts }
  if (operation === 'messages') return { kind: 'message', content: parts }
  return { kind: 'choices', choices: [{ index: 0, content: parts }] }
}

test.each(cases)(
  'the calls of a %s request and answer are shown and counted',
  (operation, inputs, outputs) => {
    const json = (value: unknown): Json => JSON.parse(JSON.stringify(value))
    fc.assert(
      fc.property(inputs, outputs, (input, output) => {
        const record = aRecord({
          operation,
          input: json(input),
          output: outputFor(operation, json(output) as readonly Json[]),
        })
        const sent = outputOf(record)
        const view = chatViewOf(JSON.stringify(inputOf(record)), JSON.stringify(sent ?? null))
        expect(view.input).toBeDefined()
        if (sent !== undefined) expect(view.output).toBeDefined()
        expect(view.shownCalls).toEqual(view.countedCalls)
        expect(new Set(view.shownTools)).toEqual(new Set(view.declaredTools))
      }),
      { numRuns: 300 },
    )
  },
  30_000,
)
