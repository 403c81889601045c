import { expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../shared/json.ts'
import { responsesFold } from './responses.ts'

function folded(events: readonly JsonObject[], left = 10_000) {
  const fold = responsesFold({ left })
  for (const event of events) fold.add(event)
  return fold.result()
}

function itemsOf(...events: JsonObject[]): readonly Json[] | undefined {
  const { output } = folded(events)
  return output?.kind === 'items' ? output.items : undefined
}

const added = (item: JsonObject, output_index = 0): JsonObject => ({
  type: 'response.output_item.added',
  output_index,
  item,
})
const piece = (type: string, fields: JsonObject): JsonObject => ({
  type: `response.${type}`,
  output_index: 0,
  ...fields,
})

test('keeps the commands of a shell call that is cut off, each as far as it came', () => {
  const command = (command_index: number, delta: string) =>
    piece('shell_call_command.delta', { command_index, delta })
  const item = { type: 'shell_call', id: 'sh', action: { commands: [], timeout_ms: 9 } }
  const expected = { ...item, action: { commands: ['ls -la', 'pw'], timeout_ms: 9 } }
  const opening = piece('shell_call_command.added', { command_index: 0, command: '' })
  const commands = [opening, command(0, 'ls'), command(0, ' -la'), command(1, 'pw')]
  expect(itemsOf(added(item), ...commands)).toEqual([expected])
  expect(itemsOf(...commands)).toEqual([{ type: 'shell_call', action: { commands: ['ls -la', 'pw'] } }])
})

test('keeps the output of a shell by command', () => {
  const output = (command_index: number, delta: JsonObject) =>
    piece('shell_call_output_content.delta', { command_index, delta })
  expect(
    itemsOf(output(0, { stdout: 'a' }), output(0, { stdout: 'b', stderr: 'c' }), output(1, { stdout: 'd' })),
  ).toEqual([{ type: 'shell_call_output', output: [{ stdout: 'ab', stderr: 'c' }, { stdout: 'd' }] }])
})

test('keeps the diff of a patch', () => {
  const item = { type: 'apply_patch_call', operation: { type: 'update_file', path: 'a.txt', diff: '' } }
  const delta = piece('apply_patch_call_operation_diff.delta', { delta: '@@\n-a\n+b' })
  expect(itemsOf(added(item), delta)).toEqual([
    { ...item, operation: { ...item.operation, diff: '@@\n-a\n+b' } },
  ])
  expect(itemsOf(delta)).toEqual([{ type: 'apply_patch_call', operation: { diff: '@@\n-a\n+b' } }])
})

test('keeps annotations with the part that they belong to', () => {
  const annotation = { type: 'url_citation', url: 'https://a.test' }
  const note = (content_index: number) =>
    piece('output_text.annotation.added', { content_index, annotation_index: 0, annotation })
  const text = piece('output_text.delta', { content_index: 0, delta: 'See' })
  const item = { type: 'message', content: [] }
  expect(itemsOf(added(item), text, note(0), note(0))).toEqual([
    {
      type: 'message',
      content: [{ type: 'output_text', text: 'See', annotations: [annotation, annotation] }],
    },
  ])
  expect(itemsOf(note(0), text)).toEqual([
    { type: 'message', content: [{ type: 'output_text', annotations: [annotation], text: 'See' }] },
  ])
})

test.each<[string, JsonObject, JsonObject]>([
  ['custom_tool_call_input', { type: 'custom_tool_call', input: '' }, { input: 'a b' }],
  ['mcp_call_arguments', { type: 'mcp_call', arguments: '' }, { arguments: 'a b' }],
  ['code_interpreter_call_code', { type: 'code_interpreter_call', code: '' }, { code: 'a b' }],
  ['function_call_arguments', { type: 'function_call', arguments: '' }, { arguments: 'a b' }],
])('keeps %s, by deltas or whole, and once', (name, item, expected) => {
  const deltas = ['a ', 'b'].map((delta) => piece(`${name}.delta`, { delta }))
  const whole = piece(`${name}.done`, expected)
  for (const events of [deltas, [whole], [...deltas, whole]]) {
    expect(itemsOf(added(item), ...events)).toEqual([{ ...item, ...expected }])
  }
})

test('keeps texts that only come whole', () => {
  expect(itemsOf(piece('output_text.done', { content_index: 0, text: 'Hello' }))).toEqual([
    { type: 'message', content: [{ type: 'output_text', text: 'Hello' }] },
  ])
  const command = piece('shell_call_command.done', { command_index: 0, command: 'ls' })
  expect(itemsOf(command)).toEqual([{ type: 'shell_call', action: { commands: ['ls'] } }])
})

test('keeps a delta of another time under its name, and counts it as unknown', () => {
  const delta = piece('browser_call_query.delta', { delta: 'kites' })
  const item = { type: 'browser_call', status: 'in_progress' }
  expect(itemsOf(added(item), delta, delta)).toEqual([{ ...item, browser_call_query: 'kiteskites' }])
  expect(folded([delta]).unknownEvents).toEqual({ 'response.browser_call_query.delta': 1 })
})

test('counts known events of which nothing was kept, and only those', () => {
  const picture = piece('image_generation_call.partial_image', { partial_image_b64: 'AAAA' })
  const sound = piece('audio.delta', { delta: 'AAAA' })
  const step = piece('web_search_call.searching', { item_id: 'ws' })
  const result = folded([picture, sound, sound, step, piece('output_text.delta', { delta: 'Hi' })])
  expect(result.unusedEvents).toEqual({
    'response.image_generation_call.partial_image': 1,
    'response.audio.delta': 2,
  })
  expect(result).not.toHaveProperty('unknownEvents')
  expect(folded([step, piece('output_text.delta', { delta: '' })])).not.toHaveProperty('unusedEvents')
  const item = added({ type: 'message', text: 'x'.repeat(500) })
  expect(folded([item], 100).unusedEvents).toEqual({ 'response.output_item.added': 1 })
})

test('keeps no more than its allowance, whatever is cut off', () => {
  const flood = Array.from({ length: 500 }, (_, at) => [
    piece('shell_call_command.delta', { command_index: at, delta: 'x'.repeat(50) }),
    piece('output_text.annotation.added', { output_index: 1, annotation: { title: 'x'.repeat(50) } }),
    piece('shell_call_output_content.delta', { output_index: 2, command_index: at, delta: { stdout: 'y' } }),
  ]).flat()
  expect(JSON.stringify(folded(flood, 2_000).output).length).toBeLessThan(2_500)
})

test.each(['__proto__', 'constructor', 'toString'])('a delta of the name %s does no harm', (name) => {
  const result = folded([
    piece(`${name}.delta`, { delta: 'x' }),
    piece('shell_call_output_content.delta', { delta: { [name]: 'x' } }),
  ])
  expect(() => JSON.stringify(result)).not.toThrow()
  expect(({} as JsonObject).polluted).toBeUndefined()
})
