/** Texts that would do something where they were taken for markup, an address, a style or a direction. */
export const hostileTexts: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)' x='",
  '</title></textarea></style><svg onload=alert(1)>',
  '<!-- --><![CDATA[ ]]><?php ?>',
  'javascript:alert(1)',
  '\u202egnp.exe\u202c \u2066a\u2069 \u200f',
  '\ud800 lone \udc00 surrogates \u0000\u0001\u001b[31m',
  '&lt;b&gt; &amp; &#x3c;i&#x3e;',
  '{{7*7}} <%= 7 %>',
]

/** Strings that this version gives a meaning, where a caller has no say. */
const structural: ReadonlySet<string> = new Set([
  ...[
    'v',
    'id',
    'traceId',
    'spanId',
    'parentSpanId',
    'kind',
    'operation',
    'provenance',
    'ending',
    'state',
    'source',
  ],
  ...[
    'parentCallId',
    'attemptOf',
    'conversationId',
    'relation',
    'refused',
    'content_',
    'date',
    'callId',
    'askedBy',
  ],
])

/** @returns a value with `text` in the place of every string that a caller or a provider writes */
export function withHostile<T>(value: T, text: string, key = ''): T {
  if (typeof value === 'string') return (structural.has(key) ? value : text) as T
  if (Array.isArray(value)) return value.map((entry) => withHostile(entry, text, key)) as T
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).map(([name, field]) => [
    name,
    keepsShape(name, field) ? field : withHostile(field, text, name),
  ])
  return Object.fromEntries(fields) as T
}

/** What decides how a message is read must stay, so that its text is reached. */
const keepsShape = (name: string, field: unknown): boolean =>
  (name === 'type' &&
    typeof field === 'string' &&
    /^(text|thinking|image_url|tool_use|tool_result|function)$/.test(field)) ||
  name === 'operation'
