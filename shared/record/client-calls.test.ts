import { expect, test } from 'vitest'
import { calledArguments, calledName, clientCalls, providersOutput } from './client-calls.ts'

const call = (type: string, more: object = {}) => ({ type, call_id: 'call_1', ...more })

test.each([
  'function_call',
  'custom_tool_call',
  'computer_call',
  'local_shell_call',
  'shell_call',
  'apply_patch_call',
  'tool_search_call',
  'mcp_approval_request',
])('%s waits for the client', (type) => {
  expect(clientCalls([{ type: 'reasoning' }, call(type)])).toEqual([call(type)])
})

test.each(['web_search_call', 'mcp_call', 'image_generation_call', 'message', 'reasoning'])(
  '%s does not',
  (type) => {
    expect(clientCalls([call(type), 'text', null])).toEqual([])
  },
)

test.each([
  ['shell_call', 'shell_call_output'],
  ['tool_search_call', 'tool_search_output'],
  ['apply_patch_call', 'apply_patch_call_output'],
])('a %s whose output stands behind it was run by the provider', (type, outputType) => {
  const output = { type: outputType, call_id: 'call_1', output: 'done' }
  const other = { ...call(type), call_id: 'call_2' }
  const items = [call(type), other, output]
  expect(providersOutput(items, items[0] as never)).toBe(output)
  expect(clientCalls(items)).toEqual([other])
})

test('name and arguments stand where the kind of call has them', () => {
  const { name, args } = { name: 'now', args: '{"zone":"UTC"}' }
  const read = (item: object) => [calledName(item as never), calledArguments(item as never)]
  expect(read(call('function_call', { name, arguments: args }))).toEqual(['now', args])
  expect(read(call('custom_tool_call', { name, input: 'text' }))).toEqual(['now', 'text'])
  expect(read(call('shell_call', { action: { commands: ['ls'] } }))).toEqual(['shell', { commands: ['ls'] }])
  expect(read(call('apply_patch_call', { operation: { path: 'a' } }))).toEqual(['apply_patch', { path: 'a' }])
  expect(read(call('computer_call'))).toEqual(['computer', undefined])
})
