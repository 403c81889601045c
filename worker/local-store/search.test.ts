import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Search } from '../../shared/admin/call-search.ts'
import { sampleRecord } from '../../shared/admin/testing/sample-record.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { type LocalStoreOptions, openLocalStore } from './store.ts'

type Options = Partial<Pick<LocalStoreOptions, 'searchLimits'>>

async function storeOf(records: readonly InferenceRecord[], options: Options = {}) {
  const store = await openLocalStore({ dir: join(tempDir(), 'store'), maxCalls: 20_000, ...options })
  onTestFinished(() => store.close())
  await store.save(records)
  return store
}

type Fields = Parameters<typeof sampleRecord>[0]

/** @param n its id, and the second when it began */
const call = (n: number, fields: Fields = {}): InferenceRecord =>
  sampleRecord({
    id: n.toString(16).padStart(32, '0'),
    trace: { traceId: n.toString(16).padStart(32, 'a'), spanId: 'b'.repeat(16) },
    times: { startedAt: n * 1_000, durationMs: 100 },
    ...fields,
  })

const numberOf = ({ id }: { readonly id: string }): number => Number.parseInt(id, 16)

async function numbers(records: readonly InferenceRecord[], search: Partial<Search>, options: Options = {}) {
  const store = await storeOf(records, options)
  return (await store.searchCalls({ limit: 100, ...search })).found.map(numberOf)
}

const varied = [
  call(1, { context: { userId: 'Ada', sessionId: 's1', threadId: 't1' } }),
  call(2, { upstream: 'groq', response: { model: 'llama-3', status: 200, bodyBytes: 1 } }),
  call(3, {
    ending: 'upstream_error',
    error: { type: 'rate_limit', message: 'Slow down.' },
    context: { userId: 'ben' },
  }),
  call(4, { times: { startedAt: 4_000, durationMs: 2_500 }, context: { agentKey: 'planner' } }),
  call(5, { ending: 'running' }),
]

test.each<[Partial<Search>, number[]]>([
  [{}, [5, 4, 3, 2, 1]],
  [{ user: 'ada' }, [1]],
  [{ session: 's1' }, [1]],
  [{ thread: 't1' }, [1]],
  [{ model: 'LLAMA' }, [2]],
  [{ upstream: 'groq' }, [2]],
  [{ agent: 'plan' }, [4]],
  [{ errors: true }, [3]],
  [{ slowerThanMs: 2_000 }, [4]],
  [{ from: 2_000, to: 4_000 }, [3, 2]],
  [{ user: 'ad' }, []],
  [{ user: 'ada', errors: true }, []],
])('%j finds calls %j', async (search, expected) => {
  expect(await numbers(varied, search)).toEqual(expected)
})

const long = 'x'.repeat(5_000)
const spoken = [
  call(1, { input: [{ role: 'user', content: `${long} needle in a "haystack"` }] }),
  call(2, {
    output: { kind: 'choices', choices: [{ index: 0, content: `${long} Nadel, größer`, role: 'assistant' }] },
  }),
  call(3, { context: { metadata: { ticket: 'ABC-7' } } }),
]

test.each<[string, number[]]>([
  ['NEEDLE IN', [1]],
  ['a "haystack"', [1]],
  ['GRÖSSER', []],
  ['größer', [2]],
  ['abc-7', [3]],
  ['gpt-4o', [3, 2, 1]],
  // Only a key of the record has it.
  ['durationms', []],
  ['nobody said so', []],
])('the text %j is found wherever it was said', async (text, expected) => {
  expect(await numbers(spoken, { text })).toEqual(expected)
})

/** Every page of a search. */
async function pages<T>(
  search: (query: Search) => Promise<{ found: readonly T[]; next?: string }>,
  query: Search,
): Promise<(readonly T[])[]> {
  const all: (readonly T[])[] = []
  let before: string | undefined
  do {
    const { found, next } = await search({ ...query, ...(before !== undefined && { before }) })
    all.push(found)
    before = next
  } while (before !== undefined)
  return all
}

test('pages of a search follow one another without a gap, and end with the last call', async () => {
  const store = await storeOf(
    [1, 2, 3, 4].map((n) => call(n, { context: { userId: n === 2 ? 'ben' : 'ada' } })),
  )
  const found = await pages(store.searchCalls, { user: 'ada', limit: 2 })
  expect(found.map((page) => page.map(numberOf))).toEqual([[4, 3], [1]])
  expect((await store.searchCalls({ limit: 4 })).next).toBeUndefined()
})

test('a search that has looked at much pauses with what it has, and goes on where it was', async () => {
  const records = Array.from({ length: 10 }, (_, n) =>
    call(n, { context: { userId: n === 0 ? 'ada' : 'ben' } }),
  )
  const byCalls = await storeOf(records, { searchLimits: { calls: 4, bytes: 1e9 } })
  const found = await pages(byCalls.searchCalls, { user: 'ada', limit: 5 })
  expect(found.map((page) => page.map(numberOf))).toEqual([[], [], [0]])
  const byBytes = await storeOf(records, { searchLimits: { calls: 1e9, bytes: 1 } })
  const texts = await pages(byBytes.searchCalls, { text: 'nowhere', limit: 5 })
  expect(texts).toHaveLength(10)
})

test('threads are found by any of their calls, each on one page', async () => {
  const store = await storeOf([
    call(1, { context: { threadId: 'a', userId: 'ada' } }),
    call(2, { context: { threadId: 'b', userId: 'ben' } }),
    call(3, { context: { threadId: 'c', userId: 'ada' } }),
    call(4, { context: { threadId: 'a', userId: 'ada' } }),
    call(5, { context: { threadId: 'b' } }),
  ])
  const names = (query: Omit<Search, 'limit'>) =>
    pages(store.searchThreads, { limit: 1, ...query }).then((found) =>
      found.flat().map(({ thread }) => thread),
    )
  expect(await names({})).toEqual(['b', 'a', 'c'])
  expect(await names({ user: 'ada' })).toEqual(['a', 'c'])
  expect(await names({ user: 'ben' })).toEqual(['b'])
  expect((await store.searchThreads({ user: 'ben', limit: 5 })).found).toMatchObject([{ calls: 2 }])
})

test('runs are found by any of their calls, those of a thread too', async () => {
  const run = (n: number, traceId: string, fields: Fields = {}) =>
    call(n, {
      trace: { traceId, spanId: 'b'.repeat(16) },
      run: { conversationId: 'c'.repeat(32), turn: 1, step: 1 },
      ...fields,
    })
  const [first, second] = ['1'.repeat(32), '2'.repeat(32)]
  const store = await storeOf([
    run(1, first, { ending: 'timed_out', context: { threadId: 'x' } }),
    run(2, second),
    run(3, first),
    call(4),
  ])
  const ids = (query: Omit<Search, 'limit'>) =>
    pages(store.searchRuns, { limit: 1, ...query }).then((found) => found.flat().map(({ id }) => id))
  expect(await ids({})).toEqual([first, second])
  expect(await ids({ errors: true })).toEqual([first])
  expect(await ids({ thread: 'x' })).toEqual([first])
})
