import type { Json } from '../../../shared/json.ts'
import { isReported, readReported } from '../../../shared/testing/reported.ts'
import type { Call } from '../call.ts'
import { eventStream, json } from './exchange.ts'

/** An exchange after a public bug report of another gateway, and what is to be recorded of it. */
export type ReportedCase = {
  /** `<folder>/<response file>` */
  readonly name: string
  readonly call: Partial<Call>
  readonly headers: Readonly<Record<string, string>>
  readonly response: Buffer
  /** Fields of the record. */
  readonly expected: object
}

type Expectation = {
  readonly folder: string
  readonly response: string
  readonly request?: string
  /** Of the response, where it is not that of the file's name. */
  readonly contentType?: string
  readonly call?: Partial<Call>
  readonly expected: object
}

const oneChoice = (fields: object) => ({ kind: 'choices', choices: [{ index: 0, ...fields }] })
const hello = {
  usage: { provenance: 'provider', input: 9, output: 2, total: 11 },
  output: oneChoice({ content: 'Hello', finishReason: 'stop' }),
  ending: 'completed',
}
const chatStream = (folder: string, name: string): Expectation => ({
  folder,
  response: `${name}.stream.sse`,
  request: `${name}.request.json`,
  expected: hello,
})
const background = '06-responses-background-polling'
const fetched: Partial<Call> = { operation: 'relay', method: 'GET', route: '/v1/responses/resp_a1' }

/** What each `expected.md` says of the record; what it says of frames and of whose call it is, is tested elsewhere. */
const expectations: readonly Expectation[] = [
  chatStream('01-usage-frame-choices-null', 'c-null'),
  chatStream('02-usage-frame-vendor-keys', 'u-gittensor'),
  {
    ...chatStream('02-usage-frame-vendor-keys', 'u-cerebras'),
    expected: { ...hello, response: { timings: { queue_time: 0.0001 } } },
  },
  { ...chatStream('04-mislabelled-stream-keeps-usage-frame', 'ml-json'), contentType: 'application/json' },
  {
    ...chatStream('04-mislabelled-stream-keeps-usage-frame', 'ml-plain'),
    contentType: 'text/plain; charset=utf-8',
  },
  {
    folder: '05-always-sent-usage-frame-is-cut',
    response: 'stream.sse',
    request: 'request.json',
    expected: {
      ...hello,
      response: { systemFingerprint: 'b6497', timings: { prompt_n: 9, predicted_n: 2 } },
    },
  },
  {
    folder: background,
    response: 'bg-create.response.json',
    request: 'bg-create.request.json',
    call: { operation: 'responses' },
    expected: {
      usage: { provenance: 'missing' },
      response: { id: 'resp_a1', state: 'queued' },
      request: { parameters: { background: true } },
      ending: 'running',
    },
  },
  {
    folder: background,
    response: 'bg-poll1.response.json',
    call: fetched,
    expected: { usage: { provenance: 'missing' }, fetched: { id: 'resp_a1', state: 'in_progress' } },
  },
  {
    folder: background,
    response: 'bg-poll2.response.json',
    call: fetched,
    expected: {
      usage: { provenance: 'missing' },
      fetched: { id: 'resp_a1', state: 'completed', usage: { input: 40, output: 12, total: 52 } },
    },
  },
  {
    folder: '08-service-tier-of-the-answer',
    response: 'tier-chat.response.json',
    request: 'tier-chat.request.json',
    expected: {
      response: { serviceTier: 'priority' },
      request: {
        parameters: {
          service_tier: 'auto',
          prompt_cache_retention: '24h',
          prediction: { type: 'content', content: 'x' },
          web_search_options: { search_context_size: 'low' },
          logit_bias: { '50': 1 },
          modalities: ['text'],
        },
      },
    },
  },
  {
    folder: '13-finish-reason-abort',
    response: 'stream.sse',
    request: 'request.json',
    expected: {
      ending: 'error_in_stream',
      error: { type: 'abort' },
      output: oneChoice({ content: 'Hello', finishReason: 'abort' }),
    },
  },
  {
    folder: '14-reasoning-told-twice',
    response: 'mirror2.stream.sse',
    request: 'mirror2.request.json',
    expected: { output: oneChoice({ reasoning: 'The cat', content: 'Meow' }) },
  },
  {
    folder: '16-cut-off-tool-payloads',
    response: 'stream.sse',
    request: 'request.json',
    call: { operation: 'responses' },
    expected: {
      ending: 'truncated',
      output: {
        items: [
          { type: 'shell_call', action: { commands: ['ls -la'] } },
          { type: 'apply_patch_call', operation: { path: 'a.txt', diff: '@@\n-a\n+b' } },
          { type: 'custom_tool_call', input: 'select 1' },
          { type: 'code_interpreter_call', code: 'print(1)' },
          { type: 'mcp_call', arguments: '{"n":1}' },
          {
            type: 'message',
            content: [{ type: 'output_text', text: 'See', annotations: [{ url: 'https://a.example' }] }],
          },
        ],
      },
    },
  },
  {
    folder: '21-plain-answer-with-empty-delta',
    response: 'response.json',
    expected: { output: oneChoice({ content: '2 + 2 = 4' }), ending: 'completed' },
  },
  {
    folder: '22-reasoning-larger-than-output',
    response: 'response.sse',
    expected: { usage: { input: 17, output: 128, total: 145, reasoning: 130 } },
  },
  {
    folder: '23-cached-larger-than-input',
    response: 'response.json',
    expected: { usage: { input: 325, output: 17, total: 342, cachedInput: 492 } },
  },
  {
    folder: '24-event-after-done',
    response: 'response.sse',
    expected: { output: oneChoice({ content: 'hello' }), response: { model: 'gpt-5-mini', id: 'a' } },
  },
  {
    folder: '25-stop-as-a-list',
    response: 'response-chat.json',
    request: 'request-chat.json',
    expected: {
      request: {
        parameters: {
          stop: ['def ', 'class '],
          response_format: {
            type: 'json_schema',
            json_schema: { name: 'City', schema: { type: 'object' } },
          },
          reasoning_effort: 'low',
          logit_bias: { '50256': -100 },
          provider: { order: ['OpenAI'] },
        },
      },
    },
  },
  {
    folder: '26-content-filter-without-a-reason',
    response: 'response.json',
    expected: {
      output: oneChoice({ finishReason: 'content_filter' }),
      response: {
        filters: [
          { of: 'response', index: 0, category: 'hate', filtered: true, severity: 'high' },
          { of: 'prompt', index: 0, category: 'jailbreak', filtered: true },
        ],
      },
    },
  },
]

/** @returns the cases that are there; none where the folder is missing */
export const reportedCases = (): readonly ReportedCase[] =>
  expectations.filter(({ folder, response }) => isReported(folder, response)).map(caseOf)

function caseOf({ folder, response, request, contentType, call, expected }: Expectation): ReportedCase {
  const typeOfFile = response.endsWith('.sse') ? eventStream : json
  const body =
    request === undefined ? undefined : (JSON.parse(readReported(folder, request).toString()) as Json)
  return {
    name: `${folder}/${response}`,
    call: { ...call, ...(body !== undefined && { body }) },
    headers: contentType === undefined ? typeOfFile : { 'content-type': contentType },
    response: readReported(folder, response),
    expected,
  }
}
