import { expect, test } from 'vitest'
import { parseRedactions } from '../../../shared/config/redactions.ts'
import type { InferenceRecord } from '../../../shared/record/record.ts'
import { numberedRecord } from '../../../shared/testing/numbered-record.ts'
import { systemClock } from '../../../shared/timing/clock.ts'
import { redactRecord } from './redact-record.ts'
import { createRedactor } from './redactor.ts'

const limit = { clock: systemClock, onExceeded: () => undefined }

const redactor = createRedactor(parseRedactions('email'), limit)
const mail = 'ann@mail.example'

test('everything that somebody said is redacted, wherever in the record it is', () => {
  const record = {
    ...numberedRecord(1),
    input: { messages: [{ role: 'user', content: [{ type: 'text', text: `I am ${mail}` }] }] },
    output: { choices: [{ text: mail }] },
    error: { type: 'http_400', message: `no such user: ${mail}` },
    request: {
      model: 'm',
      stream: false,
      bodyBytes: 1,
      retry: 0,
      parameters: { user: mail, metadata: { from: mail } },
    },
    context: {
      userId: mail,
      sessionId: `s-${mail}`,
      tags: [mail],
      metadata: { mail },
      sources: { userId: 'x-user-id' },
    },
    laterField: { nested: [mail] },
  } as unknown as InferenceRecord
  if (redactor === undefined) throw new Error('nothing to redact')
  const redacted = redactRecord(record, redactor)
  expect(JSON.stringify(redacted)).not.toContain(mail)
  expect(redacted).toMatchObject({
    id: record.id,
    times: record.times,
    input: { messages: [{ content: [{ text: 'I am [email]' }] }] },
    context: { tags: ['[email]'], sources: { userId: 'x-user-id' } },
    laterField: { nested: ['[email]'] },
  })
  expect(redacted.context.userId).toMatch(/^\[email [0-9a-f]{8}\]$/)
})

test('of a run only what was said is redacted, and ids lead to each other as before', () => {
  // A valid number of a card.
  const spanId = '4111111111111111'
  const place = { spanId, startedAt: 1 }
  const run = { conversationId: 'c'.repeat(32), turn: 1, step: 1 }
  const record: InferenceRecord = {
    ...numberedRecord(1),
    run: { ...run, agent: { ...place, name: `agent_of_${mail}` } },
    toolSpans: [
      {
        ...place,
        endedAt: 2,
        askedBy: 'a',
        callId: 'c',
        name: 'send',
        arguments: { to: mail, [mail]: true, card: 4111111111111111 },
        result: mail,
      },
    ],
  }
  const all = createRedactor(parseRedactions('email,card'), limit)
  if (all === undefined) throw new Error('nothing to redact')
  const { run: redacted, toolSpans } = redactRecord(record, all)
  expect(redacted).toEqual({ ...run, agent: { ...place, name: '[email]' } })
  expect(toolSpans).toMatchObject([
    {
      spanId,
      name: 'send',
      arguments: { to: '[email]', '[email]': true, card: '[card]' },
      result: '[email]',
    },
  ])
})

test('route, keys of the metadata and the client id are redacted too; ids of clients stay apart', () => {
  const record: InferenceRecord = {
    ...numberedRecord(1),
    route: `/v1/files/${encodeURIComponent(mail)}/content`,
    context: { tags: [], metadata: { [mail]: true } },
    request: { stream: false, parameters: {}, bodyBytes: 1, retry: 0, clientId: `call of ${mail}` },
  }
  if (redactor === undefined) throw new Error('nothing to redact')
  const redacted = redactRecord(record, redactor)
  expect(redacted).toMatchObject({
    route: '/v1/files/[email]/content',
    context: { metadata: { '[email]': true } },
  })
  expect(redacted.request.clientId).toMatch(/^call of \[email [0-9a-f]{8}\]$/)
})

test('a record that cannot be redacted in time goes without content, and is counted like any other', () => {
  const slow = createRedactor(parseRedactions('/(a+)+$/'), { ...limit, maxMs: 20 })
  if (slow === undefined) throw new Error('nothing to redact')
  const said = `${'a'.repeat(100)}!`
  const record: InferenceRecord = {
    ...numberedRecord(1),
    input: { messages: [{ role: 'user', content: said }] },
    context: { threadId: said, tags: [said], metadata: { said } },
  }
  const redacted = redactRecord(record, slow)
  expect(redacted).toMatchObject({ id: record.id, trace: record.trace, usage: record.usage, content: 'none' })
  expect(JSON.stringify(redacted)).not.toContain('aaa')
  expect(redacted.input).toBeUndefined()
})
