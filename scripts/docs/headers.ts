import type { BodyName } from '../../proxy/attribution/names/body.ts'
import type { HeaderFamily, Meaning } from '../../proxy/attribution/names/headers.ts'
import { code, markdownTable, page } from './markdown.ts'

/** docs/headers.md: under which names a call can say whose it is, and what the upstream sees of them. */
export function headersPage(
  families: readonly HeaderFamily[],
  baggage: Readonly<Record<string, Meaning>>,
  body: readonly BodyName[],
): string {
  return page(
    'Whose call is it',
    'proxy/attribution/names/',
    'Each field is taken from the first place that has it; metadata is merged, the first place winning key by ' +
      'key. The record tells which place won (`context_source` in Langfuse).',
    [
      "1. threadtap's own headers",
      '2. the path: `/t/<thread id>/v1/...` or `/t/<thread id>/<upstream name>/v1/...`, percent-encoded',
      '3. headers of other tools, in the order below',
      '4. `traceparent` (trace and parent) and `baggage`; both go on to the upstream',
      '5. the request body',
      '6. what is registered for the thread: `PUT /_threadtap/contexts/<thread id>`',
      '7. `CONTEXT_DEFAULTS`',
    ].join('\n'),
    'A thread without a session is the session. A session is never a trace: without a trace id each call is ' +
      'a trace of its own. A trace id that is not 32 hex is kept in the metadata, and the trace has the ' +
      'first 32 hex of its SHA-256.',
    '## Headers',
    'Underscores mean the same as hyphens; of both spellings the hyphens go first. `*` stands for anything.',
    markdownTable(['Family', 'Header', 'Says', 'Reaches the upstream'], families.flatMap(familyRows)),
    '## Baggage',
    'In the keys `.`, `-` and `_` are alike.',
    markdownTable(
      ['Key', 'Says'],
      Object.entries(baggage).map(([key, meaning]) => [code(key), said(meaning)]),
    ),
    '## Request body',
    'What is left of `metadata` stays metadata. The body reaches the upstream as it is.',
    markdownTable(
      ['Member', 'Says'],
      body.map(([path, meaning]) => [code(path), said(meaning)]),
    ),
  )
}

function familyRows({ family, names, members = {}, stripped, sentTo }: HeaderFamily): string[][] {
  const reaches = stripped ? (sentTo === undefined ? 'no' : `only ${sentTo}`) : 'yes'
  const inMetadata = Object.entries(members).map(
    ([member, field]) => `; ${code(member)} in it: ${said(field)}`,
  )
  return Object.entries(names).map(([name, meaning]) => [
    family,
    code(name),
    said(meaning) + (meaning === 'metadata' ? inMetadata.join('') : ''),
    reaches,
  ])
}

const words: Readonly<Record<string, string>> = {
  threadId: 'thread',
  sessionId: 'session',
  userId: 'user',
  agentKey: 'agent key',
  traceId: 'trace',
  parentSpanId: 'parent: 16 hex, and in the same trace',
  traceName: 'name of the trace',
  spanName: 'name of the generation',
  environment: 'environment',
  tags: 'tags, a comma list',
  metadata: 'metadata, a JSON object',
  'metadata pairs': 'metadata, `key:value,...` with %2C for a comma',
  nothing: 'nothing; it is not read',
}

const said = (meaning: string): string => words[meaning] ?? code(meaning)
