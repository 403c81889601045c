import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { DeadLetters } from '../shared/admin/dead-letters.ts'
import { sampleRecord } from '../shared/admin/testing/sample-record.ts'
import { createCostOf } from '../shared/pricing/cost-of.ts'
import { answerJson, startFakeUpstream } from '../shared/testing/fake-upstream.ts'
import { tempDir } from '../shared/testing/temp-dir.ts'
import { openLocalStore } from '../worker/local-store/store.ts'
import { createProgram } from './program.ts'
import { failureSentence } from './terminal/failure-sentence.ts'
import { coloured, plain } from './terminal/palette.ts'
import { sentence } from './terminal/sentence.ts'
import { displayWidth } from './terminal/text-width.ts'
import { runCommand } from './testing/run-command.ts'
import { runningAdmin } from './testing/running-admin.ts'
import { sampleRun } from './testing/sample-run.ts'

const now = new Date(2026, 10, 21, 9, 3, 7).getTime()
const uuid = '6f1c2b7e-2f57-4d0a-9a53-8a7d0f6c1b2d'
const id = (n: number): string => `019abc0000000000${String(n).padStart(16, '0')}`

/** Everything as long as it gets: names, numbers, dates, languages. */
const records = [
  sampleRecord({
    id: id(1),
    context: { threadId: uuid, sessionId: uuid, userId: 'maximiliane.musterfrau@example.com', tags: ['a'] },
    times: { startedAt: now - 86_400_000, firstTokenMs: 900, durationMs: 125_000 },
    response: { model: 'anthropic/claude-sonnet-4-5-20250929', status: 200, bodyBytes: 1_000 },
    usage: { provenance: 'provider', input: 123_456, output: 12_345, total: 135_801 },
    input: [
      { role: 'user', content: '今日は東京の天気はどうですか、そして明日はどうなりますか。'.repeat(5) },
    ],
  }),
  sampleRecord({
    id: id(2),
    context: { threadId: uuid, userId: 'bob', metadata: { note: 'x '.repeat(200) } },
    times: { startedAt: now, durationMs: 345 },
    usage: { provenance: 'missing' },
    ending: 'upstream_error',
    error: { type: 'rate_limit_exceeded', message: 'Please slow down; '.repeat(10) },
  }),
  sampleRecord({ id: id(3), times: { startedAt: now, durationMs: 5 } }),
]

/** What nobody writes by hand, and programs do: one word of hundreds of characters, families of emoji, and scripts of all widths. */
const hostile = [
  sampleRecord({
    id: id(4),
    context: {
      threadId: 'x'.repeat(300),
      sessionId: '👨‍👩‍👧'.repeat(40),
      userId: '❤️1️⃣ㄅㄆ'.repeat(20),
      tags: ['タグ'.repeat(60)],
    },
    times: { startedAt: now - 400 * 86_400_000, durationMs: 86_400_000 },
    request: {
      model: '模型'.repeat(50),
      stream: true,
      parameters: { stop: '停'.repeat(90) },
      bodyBytes: 1,
      retry: 9,
    },
    response: { model: 'm'.repeat(200), status: 200, bodyBytes: 1_000_000_000 },
    usage: { provenance: 'estimated', input: 999_999_999, output: 999_999_999, total: 1_999_999_998 },
    input: [{ role: 'user', content: 'e\u0301❤️👨‍👩‍👧'.repeat(50) }],
    error: { type: 'e'.repeat(100), message: '错误'.repeat(100) },
  }),
  ...sampleRun(now - 10_000),
]

const dead: DeadLetters = {
  list: async () => [
    {
      id: id(1),
      at: new Date(0).toISOString(),
      reason: 'refused: '.repeat(20),
      sink: 'langfuse',
      threadId: uuid,
    },
  ],
  read: async () => undefined,
  purge: async () => 0,
  replay: async () => ({ delivered: 3, failed: 2 }),
}

async function environment(kept = records): Promise<Record<string, string>> {
  const store = await openLocalStore({ dir: join(tempDir(), 'store'), maxCalls: 100, costOf: createCostOf() })
  onTestFinished(() => store.close())
  await store.save(kept)
  const upstream = await startFakeUpstream(answerJson({ error: 'no' }, 404))
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  return {
    ...(await runningAdmin({ calls: store, dead })),
    PORT: '0',
    DATA_DIR: './a-rather-long-name-of-a-folder/below/another-one/which-is-not-there',
    UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
    LANGFUSE_PUBLIC_KEY: 'sk-lf-1',
    LANGFUSE_SECRET_KEY: 'pk-lf-1',
  }
}

const widthOf = (text: string): number => Math.max(...text.split('\n').map(displayWidth))

const looks = [
  ['calls'],
  ['calls', '--thread', uuid],
  ['calls', '--thread', 'nobody has ever heard of this thread'],
  ['calls', '--model', 'none'],
  ['threads'],
  ['threads', '--user', 'nobody'],
  ['call', id(1)],
  ['call', id(2)],
  ['call', id(4)],
  ['runs'],
  ['runs', '--agent', 'nobody'],
  ['run', 'facade01'],
  ['dead', 'list'],
  ['dead', 'replay', '--all'],
  ['dead', 'purge', 'a'],
  ['doctor'],
]

test.each(looks.map((args) => [args]))('threadtap %j fits 80 columns', async (args) => {
  const env = await environment([...records, ...hostile])
  const text = await runCommand(args, { env, now })
  // What is there to be copied (addresses, ids) is never broken.
  const lines = text.split('\n').filter((line) => !/^\s*\S+$/.test(line))
  expect(lines.length).toBeGreaterThan(1)
  expect(widthOf(lines.join('\n'))).toBeLessThanOrEqual(80)
  expect(text).not.toContain('\u001b')
})

test('what cannot be done is said within 80 columns', () => {
  const cause = new Error(
    `No threadtap answers at http://127.0.0.1:4011 (connect ECONNREFUSED 127.0.0.1:4011), and no calls are kept in ./x`,
  )
  expect(sentence(failureSentence(cause), 80)).toBe(
    'No threadtap answers at http://127.0.0.1:4011 (connect ECONNREFUSED\n127.0.0.1:4011), and no calls are kept in ./x\n',
  )
})

test('calls at 80 columns', async () => {
  expect(await runCommand(['calls'], { env: await environment(), now })).toMatchInlineSnapshot(`
    "TIME         ID        MODEL        TOKENS        COST  THREAD     OUTPUT
    09:03:07     00000003  gpt-4o-2…      12→5  ~$0.000080  aaaaaaaa…  High at noon.
    09:03:07     00000002  gpt-4o-2…         -           -  6f1c2b7e…  rate_limit_e…
    11-20 09:03  00000001  anthropi…  123k→12k      ~$0.56  6f1c2b7e…  High at noon.
    ~ by list prices of 2026-08-22; PRICES_FILE replaces them
    "
  `)
})

test('threads at 80 columns', async () => {
  expect(await runCommand(['threads'], { env: await environment(), now })).toMatchInlineSnapshot(`
    "LAST      THREAD               CALLS  ERRORS    TOKENS        COST  MODELS
    09:03:07  aaaaaaaaaaaaaaaaaa…      1       0      12→5  ~$0.000080  gpt-4o-2024…
    09:03:07  6f1c2b7e-2f57-4d0a…      2       1  123k→12k      ~$0.56  gpt-4o-2024…
    ~ by list prices of 2026-08-22; PRICES_FILE replaces them
    "
  `)
})

test('dead letters at 80 columns', async () => {
  expect(await runCommand(['dead', 'list'], { env: await environment(), now })).toMatchInlineSnapshot(`
    "SINCE       ID                                SINK      REASON
    1970-01-01  019abc00000000000000000000000001  langfuse  refused: refused: refus…
    "
  `)
})

test('the doctor at 80 columns', async () => {
  const text = await runCommand(['doctor'], { env: await environment(), now })
  const shown = text.replaceAll(/127\.0\.0\.1:\d{4,5}/g, '127.0.0.1:40000').replace(/^ADMIN_PORT.*\n/m, '')
  expect(shown).toMatchInlineSnapshot(`
    "PORT                 0
    UPSTREAM_BASE_URL    http://127.0.0.1:40000/v1
    DATA_DIR
                         ./a-rather-long-name-of-a-folder/below/another-one/which-is-not-there
    LANGFUSE_PUBLIC_KEY  set
    LANGFUSE_SECRET_KEY  set

    ok        data folder:
              ./a-rather-long-name-of-a-folder/below/another-one/which-is-not-there
              does not exist yet and can be made
    ok        local store: the last 10000 calls are kept, beside Langfuse; built-in
              prices of 2026-08-22
    not ok    upstream default: http://127.0.0.1:40000/v1 answers 404 to GET
              /models, and takes no calls at /chat/completions: this is no model API
              to mend it: UPSTREAM_BASE_URL=<the right address>
    not used  TLS: the data port speaks plain HTTP: TLS_CERT is not set
    not used  Redis: REDIS_URL is not set: the worker reads the spool in the same
              process
    not ok    Langfuse: the keys are swapped: the public one begins with sk-lf-
              to mend it: LANGFUSE_PUBLIC_KEY=pk-lf-...
              LANGFUSE_SECRET_KEY=sk-lf-...
    not used  OTLP: OTLP_ENDPOINT is not set
    ok        running process: http://127.0.0.1:40000 is ready
    ok        data port: any free one (PORT=0)
    ok        admin port: 127.0.0.1:40000 is taken by a running threadtap
    "
  `)
})

const program = await createProgram(
  { env: {}, width: 80, paint: plain, now: 0, run: async () => undefined },
  // For which every command is loaded.
  ['completion'],
)
/** They print a banner, a log, JSON or a script: each has a test of its own. */
const others = ['start', 'proxy', 'worker', 'logs', 'completion']

test('every command is looked at here', () => {
  const seen = new Set([...others, ...looks.map(([name]) => name)])
  expect(program.commands.map((command) => command.name()).filter((name) => !seen.has(name))).toEqual([])
})

const helps = [[], ...program.commands.map((command) => [command.name()])]
const below = program.commands.flatMap((command) =>
  command.commands.map((sub) => [command.name(), sub.name()]),
)

test.each([...helps, ...below].map((path) => [path]))(
  'help of threadtap %j fits 80 columns',
  async (path) => {
    const command = path.reduce(
      (parent, name) => parent.commands.find((sub) => sub.name() === name) ?? parent,
      program,
    )
    const text = command.configureHelp({ helpWidth: 80 }).helpInformation()
    expect(text).toContain('Usage: threadtap')
    expect(widthOf(text)).toBeLessThanOrEqual(80)
  },
)

test('a terminal with colours sees failures in red, and its columns stay straight', async () => {
  const env = await environment()
  const text = await runCommand(['calls'], { env, now, paint: coloured })
  expect(text).toContain('\u001b[31m')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them
  expect(text.replaceAll(/\u001b\[\d+m/g, '')).toBe(await runCommand(['calls'], { env, now }))
})

test.each([
  [['calls'], [{ id: id(3) }, { id: id(2) }, { id: id(1) }]],
  [['threads'], [{ kind: 'trace' }, { thread: uuid }]],
  [['call', id(1)], { id: id(1), delivery: { state: 'local' } }],
  [['dead', 'list'], [{ id: id(1), sink: 'langfuse' }]],
  [['dead', 'replay', '--all'], { delivered: 3, failed: 2 }],
  [['dead', 'purge', 'a'], { purged: 0, missing: 1 }],
  [
    ['doctor'],
    { ok: false, findings: expect.arrayContaining([expect.objectContaining({ state: 'not ok' })]) },
  ],
])('threadtap %j --json prints JSON', async (args, expected) => {
  const text = await runCommand([...args, '--json'], { env: await environment(), now })
  expect(JSON.parse(text)).toMatchObject(expected)
})
