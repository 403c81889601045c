import { expect, test } from 'vitest'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { numberedRecord } from '../../shared/testing/numbered-record.ts'
import { stillClock } from '../../shared/testing/still-clock.ts'
import type { RememberedCall } from './remembered-call.ts'
import { createStitching } from './stitching.ts'
import { asks, result, user } from './testing/calls.ts'

const id = 'call_J3ajtA7qivswzXp8A9sJ'
const question = { model: 'm', messages: [user('What is the weather in Paris?')] }
const ask = asks([id, 'get_weather', { city: 'Paris' }])
const step = { model: 'm', messages: [...question.messages, ask, result(id, 'sunny')] }
const asked = { id, name: 'get_weather', arguments: '{"city":"Paris"}' }

/** A shared memory that answers when it is told to. */
function slowMemory() {
  const lookUps: { keys: readonly string[]; answer: (calls: readonly RememberedCall[]) => void }[] = []
  const noted: RememberedCall[] = []
  return {
    lookUps,
    noted,
    find: (keys: readonly string[]) =>
      new Promise<readonly RememberedCall[]>((answer) => void lookUps.push({ keys, answer })),
    note: (calls: readonly RememberedCall[]) => void noted.push(...calls),
  }
}

function start(shared?: ReturnType<typeof slowMemory>) {
  const failures: unknown[] = []
  const events = {
    callLinked: () => undefined,
    stitchingFailed: (cause: unknown) => void failures.push(cause),
  }
  const capture = { content: 'full', maxBytes: 10_000 } as const
  const stitching = createStitching({
    key: 'k',
    capture,
    clock: stillClock(),
    events,
    ...(shared && { shared }),
  })
  const done: InferenceRecord[] = []
  let number = 0
  const complete = (body: object, toolCalls: readonly (typeof asked)[] = []) => {
    number += 1
    const record: InferenceRecord = { ...numberedRecord(number), context: { tags: [], metadata: {} } }
    const output = {
      kind: 'choices',
      choices: [{ index: 0, content: 'Sunny all day long.', toolCalls }],
    } as const
    stitching.complete(record, { body: body as never, output, tenant: 't' }, (last) => void done.push(last))
    return record
  }
  return { complete, done, failures }
}

test('a call that another sidecar knows what it follows is linked when its answer has come, and later ones wait', async () => {
  const elsewhere = slowMemory()
  const first = start(elsewhere).complete(question, [asked])
  const shared = slowMemory()
  const { complete, done } = start(shared)
  complete(step)
  complete(question)
  expect(done).toEqual([])
  expect(shared.lookUps[0]?.keys).toEqual(
    expect.arrayContaining([...(elsewhere.noted[0]?.keys ?? [])].slice(0, 1)),
  )
  shared.lookUps[0]?.answer(elsewhere.noted)
  await new Promise(setImmediate)
  expect(done.map(({ link }) => link?.kind)).toEqual(['tool_id', 'none'])
  expect(done[0]).toMatchObject({ trace: { traceId: first.trace.traceId }, link: { parentCallId: first.id } })
})

test('a first call, and one whose predecessor is known here, ask nobody', () => {
  const shared = slowMemory()
  const { complete, done } = start(shared)
  complete(question, [asked])
  complete(step)
  expect(shared.lookUps).toEqual([])
  expect(done.map(({ link }) => link?.kind)).toEqual(['none', 'tool_id'])
})

test('what is noted holds nothing that was said', () => {
  const shared = slowMemory()
  const { complete } = start(shared)
  complete(question, [asked])
  complete(step)
  expect(shared.noted.length).toBeGreaterThan(0)
  expect(JSON.stringify(shared.noted)).not.toMatch(/Paris|sunny|weather|J3ajtA7/i)
})

test('what cannot be linked is recorded by itself, and calls without a conversation as they are', () => {
  const { complete, done, failures } = start()
  const strange = new Proxy(
    { model: 'm', messages: [] },
    {
      get: () => {
        throw new Error('broken')
      },
    },
  )
  const record = complete(strange)
  complete([])
  expect(done[0]).toBe(record)
  expect(done[1]?.link).toBeUndefined()
  expect(failures).toHaveLength(1)
})
