import { expect, test } from 'vitest'
import type { Json } from '../../../shared/json.ts'
import { truncate } from './truncate.ts'

const kept = (value: Json) => truncate(value, 10_000)

test('drops credentials that a request carries for other services', () => {
  const server = { type: 'mcp', server_label: 'files', server_url: 'https://mcp.test' }
  const tools = [{ ...server, authorization: 'abc', headers: { 'X-Token': 'def' } }]
  expect(kept({ tools, api_key: 'ghi', extra: { authorization: 'Bearer jkl' } })).toEqual({
    tools: [{ ...server, authorization: '[credential]', headers: '[credential]' }],
    api_key: '[credential]',
    extra: { authorization: '[credential]' },
  })
})

test('masks user, password and query in the addresses of tool servers', () => {
  const tools = [{ type: 'mcp', server_url: 'https://ada:secret@mcp.test/sse?key=abc' }]
  const servers = [{ type: 'url', url: 'https://mcp.test/?token=abc' }]
  expect(kept({ tools, mcp_servers: servers, url: 'https://picture.test/?size=2' })).toEqual({
    tools: [{ type: 'mcp', server_url: 'https://***@mcp.test/sse?key=***' }],
    mcp_servers: [{ type: 'url', url: 'https://mcp.test/?token=***' }],
    url: 'https://picture.test/?size=2',
  })
})

test('knows the fields of credentials in any case', () => {
  expect(kept({ Authorization: 'Bearer abc', API_KEY: 'def' })).toEqual({
    Authorization: '[credential]',
    API_KEY: '[credential]',
  })
})

test("drops the credentials of Anthropic's tool servers", () => {
  const server = { type: 'url', name: 'files', url: 'https://mcp.test' }
  expect(kept({ mcp_servers: [{ ...server, authorization_token: 'abc' }] })).toEqual({
    mcp_servers: [{ ...server, authorization_token: '[credential]' }],
  })
})

test('drops ephemeral keys that a response creates for a browser', () => {
  const response = {
    value: 'ek_68af296e8e408191a1120ab6383263c2',
    expires_at: 1,
    session: { type: 'realtime' },
  }
  expect(kept(response)).toEqual({ ...response, value: '[credential]' })
})

test('keeps a schema that describes credentials', () => {
  const properties = {
    password: { type: 'string' },
    api_key: { type: 'string' },
    headers: { type: 'object' },
  }
  const schema = { type: 'object', properties, required: ['password'] }
  expect(kept(schema)).toEqual(schema)
})
