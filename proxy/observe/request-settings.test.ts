import { expect, test } from 'vitest'
import type { JsonObject } from '../../shared/json.ts'
import { readRequest } from './request.ts'
import { recordOfExchange } from './testing/exchange.ts'

const schema = {
  type: 'json_schema',
  json_schema: { name: 'City', strict: true, schema: { type: 'object' } },
}

test.each<JsonObject>([
  { stop: ['def ', 'class '] },
  { logit_bias: { '50256': -100 } },
  { modalities: ['text', 'audio'], audio: { voice: 'ash', format: 'mp3' } },
  { prediction: { type: 'content', content: 'x' } },
  { web_search_options: { search_context_size: 'low' } },
  { include: ['reasoning.encrypted_content'] },
  { tool_choice: { type: 'function', function: { name: 'f' } } },
  { response_format: schema },
  { thinking: { type: 'enabled', budget_tokens: 2_048 } },
  { provider: { order: ['OpenAI'], allow_fallbacks: false } },
  { prompt_cache_retention: '24h', prompt_cache_key: 'support' },
  { stop: 'a', verbosity: 'low', service_tier: 'auto', reasoning_effort: 'minimal' },
])('records %j as it was sent', (body) => {
  expect(readRequest(body).parameters).toEqual(body)
})

test('records the settings of the Responses API under the names of chat completions', () => {
  const format = { type: 'json_schema', name: 'City', schema: { type: 'object' } }
  const reasoning = { effort: 'low', summary: 'auto' }
  expect(readRequest({ text: { format, verbosity: 'low' }, reasoning }).parameters).toEqual({
    response_format: format,
    verbosity: 'low',
    reasoning_effort: 'low',
    reasoning,
  })
})

test('records as a scalar what one says in full', () => {
  const body = {
    response_format: { type: 'text' },
    tool_choice: { type: 'auto' },
    reasoning: { effort: 'low' },
  }
  expect(readRequest({ ...body, stop: null, logit_bias: null }).parameters).toEqual({
    response_format: 'text',
    tool_choice: 'auto',
    reasoning_effort: 'low',
  })
})

test.each(['lengths', 'none'] as const)('leaves out what was written for the model (%s)', (content) => {
  const secret = 'the secret'
  const body = {
    prediction: { type: 'content', content: secret },
    response_format: { type: 'json_schema', json_schema: { name: 'City', schema: { description: secret } } },
    web_search_options: { search_context_size: 'low', user_location: { city: secret } },
    tool_choice: { type: 'function', function: { name: 'f' } },
    chat_template_kwargs: { secret },
  }
  const record = recordOfExchange({ call: { body }, capture: { content }, chunks: [] })
  expect(record.request.parameters).toEqual({
    prediction: { type: 'content' },
    response_format: { type: 'json_schema', json_schema: { name: 'City' } },
    web_search_options: { search_context_size: 'low' },
    tool_choice: { type: 'function', function: { name: 'f' } },
  })
  expect(JSON.stringify(record)).not.toContain(secret)
})

test('keeps settings bounded and without credentials', () => {
  const plugins = [{ id: 'web', api_key: 'abc', text: 'x'.repeat(1_000_000) }]
  const { parameters } = readRequest({ plugins })
  expect(parameters.plugins).toMatchObject([{ id: 'web', api_key: '[credential]' }])
  expect(JSON.stringify(parameters).length).toBeLessThan(40_000)
})
