import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { sampleRecord } from '../admin/testing/sample-record.ts'
import { curlCommand } from './curl.ts'

const dataUrl = 'http://127.0.0.1:4010'

/** What a shell makes of the command's arguments; nothing is sent. */
function argumentsOf(command: string): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`
  const output = execFileSync('/bin/sh', ['-c', script], {
    env: {
      OPENAI_API_KEY: 'sk-test',
      OPENAI_BASE_URL: 'http://threadtap:4010/v1',
      ANTHROPIC_API_KEY: 'sk-ant',
      ANTHROPIC_BASE_URL: 'http://threadtap:4010',
    },
    encoding: 'utf8',
  })
  return output.split('\0').slice(0, -1)
}

test('a call is made again with its model, settings and messages, and the key from the environment', () => {
  const record = sampleRecord({
    request: { model: 'gpt-4o', stream: true, parameters: { temperature: 0 }, bodyBytes: 1, retry: 0 },
  })
  const command = curlCommand(record, dataUrl) ?? ''
  expect(command).not.toContain('sk-test')
  const [url, ...rest] = argumentsOf(command)
  expect(url).toBe('http://127.0.0.1:4010/v1/chat/completions')
  expect(rest.slice(0, 5)).toEqual([
    ...['-H', 'content-type: application/json', '-H', 'authorization: Bearer sk-test', '--data-raw'],
  ])
  expect(JSON.parse(rest[5] ?? '')).toEqual({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'What is the tide at Dover?' }],
    temperature: 0,
    stream: true,
  })
})

test.each(["'; touch /tmp/x; '", '$(id) `id` $HOME', 'a\\\n"b" !! \u0000 \u202e', "it's"])(
  'the text %j is an argument, and never a command',
  (content) => {
    const record = sampleRecord({ input: [{ role: 'user', content }], route: `/v1/chat/${"'$(id)'"}` })
    const [url, ...rest] = argumentsOf(curlCommand(record, dataUrl) ?? '')
    expect(url).toBe("http://127.0.0.1:4010/v1/chat/'$(id)'")
    expect(JSON.parse(rest.at(-1) ?? '')).toMatchObject({ messages: [{ role: 'user', content }] })
  },
)

test('another upstream, and Anthropic’s API, are called as threadtap serves them', () => {
  const record = sampleRecord({
    upstream: 'anthropic',
    operation: 'messages',
    route: '/v1/messages',
    input: { system: 'Be kind.', messages: [{ role: 'user', content: 'Hi' }] },
  })
  const [url, ...rest] = argumentsOf(curlCommand(record, dataUrl) ?? '')
  expect(url).toBe('http://127.0.0.1:4010/anthropic/v1/messages')
  expect(rest).toContain('x-api-key: sk-ant')
  expect(rest).toContain('anthropic-version: 2023-06-01')
  expect(JSON.parse(rest.at(-1) ?? '')).toMatchObject({ system: 'Be kind.', messages: [{ content: 'Hi' }] })
})

test('where the data port is elsewhere, its address is read from where the application has it', () => {
  const urlOf = (fields: Parameters<typeof sampleRecord>[0]) =>
    argumentsOf(curlCommand(sampleRecord(fields), undefined) ?? '')[0]
  expect(urlOf({})).toBe('http://threadtap:4010/v1/chat/completions')
  expect(urlOf({ upstream: 'groq' })).toBe('http://threadtap:4010/groq/v1/chat/completions')
  expect(urlOf({ operation: 'messages', route: '/v1/messages' })).toBe('http://threadtap:4010/v1/messages')
})

test('a body that no command line takes is read from a file', () => {
  const record = sampleRecord({ input: [{ role: 'user', content: 'x'.repeat(200_000) }] })
  const command = curlCommand(record, dataUrl) ?? ''
  expect(command.length).toBeLessThan(1_000)
  expect(argumentsOf(command).at(-1)).toBe('@request.json')
})

test('without recorded content there is no command', () => {
  expect(curlCommand(sampleRecord({ content: 'lengths' }), dataUrl)).toBeUndefined()
  const { input: _, ...withoutInput } = sampleRecord()
  expect(curlCommand(withoutInput, dataUrl)).toBeUndefined()
})
