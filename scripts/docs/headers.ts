import type { BodyName } from '../../proxy/attribution/names/body.ts'
import type { HeaderFamily, Meaning } from '../../proxy/attribution/names/headers.ts'
import { code, markdownTable, page } from './markdown.ts'

/** docs/headers.md: the names that attribute a call, and which of them reach the upstream. */
export function headersPage(
  families: readonly HeaderFamily[],
  baggage: Readonly<Record<string, Meaning>>,
  body: readonly BodyName[],
): string {
  return page(
    'Attribution',
    'proxy/attribution/names/',
    'Each field is taken from the first source that has it; metadata is merged, the first source taking ' +
      'precedence key by key. The record names the source of each field (`context_source` in Langfuse).',
    [
      "1. threadtap's own headers",
      '2. the path: `/t/<thread id>/v1/...` or `/t/<thread id>/<upstream name>/v1/...`, percent-encoded',
      '3. headers of other tools, in the order below',
      '4. `traceparent` (trace and parent) and `baggage`; both are relayed to the upstream',
      '5. the request body',
      '6. what is registered for the thread: `PUT /_threadtap/contexts/<thread id>`',
      '7. `CONTEXT_DEFAULTS`',
    ].join('\n'),
    'Without a session id, the thread id is the session id. A session id is never a trace id: without a trace ' +
      'id each call has its own trace. A trace id that is not 32 hex is kept in the metadata, and the trace ' +
      'id is the first 32 hex of its SHA-256.',
    '## Headers',
    'Underscores are equivalent to hyphens; the spelling with hyphens takes precedence. `*` matches anything.',
    markdownTable(['Family', 'Header', 'Sets', 'Reaches the upstream'], families.flatMap(familyRows)),
    '## Baggage',
    'In keys, `.`, `-` and `_` are equivalent.',
    markdownTable(
      ['Key', 'Sets'],
      Object.entries(baggage).map(([key, meaning]) => [code(key), describe(meaning)]),
    ),
    '## Request body',
    'All other members of `metadata` are kept as metadata. The body reaches the upstream unchanged.',
    markdownTable(
      ['Member', 'Sets'],
      body.map(([path, meaning]) => [code(path), describe(meaning)]),
    ),
  )
}

function reachOf(stripped: HeaderFamily['stripped'], sentTo: string | undefined): string {
  if (stripped === false) return 'yes'
  if (stripped === 'from model APIs') return 'unless that is a provider known by its host'
  return sentTo === undefined ? 'no' : `only ${sentTo}`
}

function familyRows({ family, names, members = {}, stripped, sentTo }: HeaderFamily): string[][] {
  const reaches = reachOf(stripped, sentTo)
  const inMetadata = Object.entries(members).map(
    ([member, field]) => `; ${code(member)} in it: ${describe(field)}`,
  )
  return Object.entries(names).map(([name, meaning]) => [
    family,
    code(name),
    describe(meaning) + (meaning === 'metadata' ? inMetadata.join('') : ''),
    reaches,
  ])
}

const descriptions: Readonly<Record<string, string>> = {
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
  nothing: 'nothing; it is ignored',
}

const describe = (meaning: string): string => descriptions[meaning] ?? code(meaning)
