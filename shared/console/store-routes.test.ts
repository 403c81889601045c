import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openLocalStore } from '../../worker/local-store/store.ts'
import { sampleRecord } from '../admin/testing/sample-record.ts'
import type { InferenceRecord } from '../record/record.ts'
import { tempDir } from '../testing/temp-dir.ts'
import { tagsOf, textOf } from './testing/html.ts'
import { richCall } from './testing/rich-call.ts'
import { runningConsole } from './testing/running-console.ts'

async function consoleOf(records: readonly InferenceRecord[], settings = {}) {
  const store = await openLocalStore({ dir: join(tempDir(), 'store'), maxCalls: 20_000 })
  onTestFinished(() => store.close())
  for (let at = 0; at < records.length; at += 200) await store.save(records.slice(at, at + 200))
  const { ask } = await runningConsole({ calls: store }, settings)
  return {
    ask,
    async read(path: string) {
      const { text } = await ask(path)
      tagsOf(text)
      return textOf(text)
    },
  }
}

const idOf = (n: number): string => n.toString(16).padStart(32, '0')

const call = (n: number, fields: Parameters<typeof sampleRecord>[0] = {}): InferenceRecord =>
  sampleRecord({ id: idOf(n), times: { startedAt: n * 1_000, durationMs: 100 }, ...fields })

const weather = [
  call(1, { context: { threadId: 'trip', userId: 'ada' } }),
  call(2, { context: { threadId: 'trip', userId: 'ben' }, ending: 'timed_out' }),
  call(3, { context: { threadId: 'a/b ..&', userId: 'ada' } }),
]

test('what is asked for is in the address: a list shows what fits, and its form what was asked', async () => {
  const { ask } = await consoleOf(weather)
  const { text } = await ask('/calls?user=ada&errors=&text=')
  expect([...text.matchAll(/\/calls\/0*(\d+)"/g)].map(([, n]) => n)).toEqual(['3', '1'])
  const inputs = tagsOf(text).filter(({ name }) => name === 'input')
  expect(inputs.map(({ attributes }) => [attributes.get('name'), attributes.get('value')])).toContainEqual([
    'user',
    'ada',
  ])
  expect((await ask('/calls?errors=1')).text).toContain(`href="/calls/${idOf(2)}"`)
  expect((await ask('/threads?user=ben')).text).toContain('href="/thread?id=trip"')
})

test('a list goes on where it ended, and leads back to its beginning', async () => {
  const { ask } = await consoleOf(Array.from({ length: 101 }, (_, n) => call(n)))
  const first = await ask('/calls?model=gpt')
  const [, next = ''] = /<a href="([^"]+)" rel="next"/.exec(first.text) ?? []
  expect(next).toContain('model=gpt')
  const second = await ask(next.replaceAll('&amp;', '&'))
  expect(second.text).toContain(`href="/calls/${idOf(0)}"`)
  expect(second.text).not.toContain('rel="next"')
  expect(second.text).toContain('<a href="/calls?model=gpt" rel="first"')
})

test('what is not understood in an address is said beside the form', async () => {
  const { ask, read } = await consoleOf(weather)
  expect(await read('/calls?slower=soon')).toContain('"slower" must be like 500 (ms) or 2s.')
  for (const list of ['/calls', '/threads', '/runs']) {
    expect((await ask(`${list}?slower=soon`)).status).toBe(400)
    expect((await ask(`${list}?slower=2s`)).status).toBe(200)
  }
})

test('empty lists say what to do next', async () => {
  const empty = await consoleOf([])
  expect(await empty.read('/calls')).toContain('Point an application at threadtap')
  expect(await empty.read('/threads')).toContain('No calls are recorded yet')
  expect(await empty.read('/runs')).toContain('No runs are recorded yet')
  const { read } = await consoleOf(weather)
  expect(await read('/calls?user=nobody')).toContain('Nothing that is kept here fits')
})

test('a call is read: what was said, what is known, and what it was part of', async () => {
  const { cost: _, delivery: __, ...record } = richCall()
  const { ask, read } = await consoleOf([record])
  const text = await read(`/calls/${record.id}`)
  for (const shown of [
    '✗ upstream error',
    'rate_limit Slow down.',
    'Is it high?',
    '[image/png, 20480 bytes, sha256 9f86]',
    'Calls tide c1 { "at": "Dover" }',
    '✗ Failed result c2 low',
    'Reasoning, 17 characters Dover is in Kent.',
    'The model refused: Not that.',
    'These arguments are not valid JSON.',
    'wait for the first byte 0 ms 60 ms',
    'longest silence of the stream 200 ms 40 ms',
    'from the last event to the end 340 ms 5 ms',
    '12 events, at most 40 ms apart',
    'not kept',
    'User ann (body user)',
    'Injected stream_options.include_usage, on behalf of the client',
    '1 tool offered',
    'step 2 of run aaaaaaaa',
    'follows call 00c0ffed',
  ])
    expect(text).toContain(shown)
  expect((await ask(`/calls/${record.id}`)).text).toContain('href="/thread?id=trip"')
})

test('what is new since the parent comes first, the whole on demand', async () => {
  const question = { role: 'user', content: 'What is the tide?' }
  const answer = { role: 'assistant', content: 'High.' }
  const parent = call(1, {
    input: [question],
    output: { kind: 'choices', choices: [{ index: 0, content: 'High.' }] },
  })
  const { read } = await consoleOf([
    parent,
    call(2, {
      input: [question, answer, { role: 'user', content: 'And at Calais?' }],
      link: { kind: 'history', parentCallId: parent.id },
    }),
  ])
  const [text] = (await read(`/calls/${idOf(2)}`)).split(' Answer ')
  expect(text).toContain('New in the request')
  expect(text).toContain('And at Calais?')
  expect(text).not.toContain('What is the tide?')
  expect(await read(`/calls/${idOf(2)}?whole=1`)).toContain('What is the tide?')
})

test('no page has more than 100 KB of a call until it is asked for, and raw views have all', async () => {
  const long = 'lorem ipsum '.repeat(80_000)
  const { ask } = await consoleOf([
    call(1, {
      input: {
        messages: [{ role: 'user', content: long }],
        tools: [{ type: 'function', name: 'f', description: long }],
      },
      output: { kind: 'choices', choices: [{ index: 0, content: long, reasoning: long }] },
      context: { threadId: 'long', metadata: { note: long } },
    }),
  ])
  for (const path of [`/calls/${idOf(1)}`, '/thread?id=long', '/calls', '/threads']) {
    const { text } = await ask(path)
    expect([path, text.length < 100_000]).toEqual([path, true])
  }
  expect((await ask(`/calls/${idOf(1)}`)).text).toContain(
    `<a href="/calls/${idOf(1)}?whole=1">Show everything</a>`,
  )
  expect((await ask(`/calls/${idOf(1)}?whole=1`)).text.length).toBeGreaterThan(long.length)
  expect((await ask(`/calls/${idOf(1)}/request`)).text).toContain(long)
})

test('a history of thousands of messages does not make a page of megabytes', async () => {
  const input = Array.from({ length: 5_000 }, (_, n) => ({ role: 'user', content: `message ${n}.` }))
  const { ask } = await consoleOf([call(1, { input })])
  const { text } = await ask(`/calls/${idOf(1)}`)
  expect(text.length).toBeLessThan(100_000)
  expect(text).toContain('message 4999.')
  expect((await ask(`/calls/${idOf(1)}?whole=1`)).text).toContain('message 0.')
})

test.each(['request', 'answer', 'record', 'curl'])(
  'the raw %s is plain text that no browser sniffs',
  async (view) => {
    const {
      cost: _,
      delivery: __,
      ...record
    } = richCall({
      input: [{ role: 'user', content: '<script>alert(1)</script>' }],
    })
    const { ask } = await consoleOf([record])
    const { status, headers } = await ask(`/calls/${record.id}/${view}`)
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=UTF-8',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    })
    expect((await ask(`/calls/${idOf(9)}/${view}`)).status).toBe(404)
  },
)

test('without content pages show lengths or nothing, and say which setting it is', async () => {
  const { output: _, ...none } = call(2, { content: 'none', context: { threadId: 'x' } })
  const { input: __, ...nothing } = none
  const { ask, read } = await consoleOf([
    call(1, { content: 'lengths', input: [{ role: 'user', content: '[24 characters]' }] }),
    nothing,
  ])
  expect(await read(`/calls/${idOf(1)}`)).toMatch(/CAPTURE_CONTENT=lengths is set.*\[24 characters\]/)
  const text = await read(`/calls/${idOf(2)}`)
  expect(text).toContain(
    'CAPTURE_CONTENT=none is set, so that the request is not recorded, only its size: 120 bytes',
  )
  expect(text).toContain('so that the answer is not recorded, only its size: 800 bytes')
  expect(await read('/thread?id=x')).toContain('recorded with CAPTURE_CONTENT=none')
  expect(await ask(`/calls/${idOf(2)}/request`)).toMatchObject({
    status: 404,
    text: 'not recorded: CAPTURE_CONTENT=none is set\n',
  })
})

test('a thread reads as the conversation that it was', async () => {
  const question = { role: 'user', content: 'What is the tide?' }
  const { read } = await consoleOf([
    call(1, {
      context: { threadId: 'a/b ..&' },
      input: [question],
      output: { kind: 'choices', choices: [{ index: 0, content: 'High.' }] },
    }),
    call(2, {
      context: { threadId: 'a/b ..&' },
      input: [question, { role: 'assistant', content: 'High.' }, { role: 'user', content: 'And now?' }],
      output: { kind: 'choices', choices: [{ index: 0, content: 'Low.' }] },
    }),
  ])
  const text = await read(`/thread?${new URLSearchParams({ id: 'a/b ..&' })}`)
  const order = ['a/b ..&', 'What is the tide?', 'High.', 'And now?', 'Low.'].map((said) =>
    text.indexOf(said),
  )
  expect(order).toEqual([...order].sort((a, b) => a - b))
  expect(text.match(/What is the tide\?/g)).toHaveLength(1)
  expect(text.match(/High\./g)).toHaveLength(1)
})

test('a long thread is read page by page, from its end', async () => {
  const { ask } = await consoleOf(
    Array.from({ length: 25 }, (_, n) =>
      call(n, { context: { threadId: 'long' }, input: [{ role: 'user', content: `question ${n}.` }] }),
    ),
  )
  const { text } = await ask('/thread?id=long')
  expect(text).toContain('question 24.')
  expect(text).not.toContain('question 4.')
  const [, earlier = ''] = /<a href="([^"]+)">Earlier calls/.exec(text) ?? []
  expect((await ask(earlier.replaceAll('&amp;', '&'))).text).toContain('question 4.')
})

test('Langfuse is linked where a record was delivered there', async () => {
  const store = { call: async () => richCall(), calls: async () => [] } as never
  const { ask } = await runningConsole({ calls: store }, { langfuseUrl: 'https://langfuse.example' })
  expect((await ask('/calls/abcdef')).text).toContain(
    `<a href="https://langfuse.example/trace/${'a'.repeat(32)}" rel="noopener noreferrer">`,
  )
})

test('what is not kept is said, with the page’s place in the navigation', async () => {
  const { ask } = await consoleOf(weather)
  for (const path of [`/calls/${idOf(99)}`, '/thread?id=nobody', '/thread', `/runs/${'f'.repeat(32)}`]) {
    const { status, text } = await ask(path)
    expect([path, status]).toEqual([path, 404])
    expect(text).toContain('had to make room for newer calls')
  }
})

test('of 10,000 calls a page has a hundred summaries and no payload', async () => {
  const long = 'x'.repeat(1_000)
  const records = Array.from({ length: 10_000 }, (_, n) =>
    call(n, {
      input: [{ role: 'user', content: `question ${n} ${long}` }],
      context: { threadId: `thread ${n % 500}`, userId: n === 17 ? 'ada' : 'ben' },
    }),
  )
  const { ask, read } = await consoleOf(records)
  for (const path of ['/calls', '/threads']) {
    const { text } = await ask(path)
    expect(text.match(/data-row/g)).toHaveLength(100)
    expect(text).not.toContain(long)
    expect(text.length).toBeLessThan(150_000)
  }
  expect(await read('/calls?user=ada')).toContain('question 17 ')
  expect(await read('/threads?user=ada')).toContain('thread 17 ')
})
