import { expect, onTestFinished, test } from 'vitest'
import type { LiveCall, LiveSnapshot } from '../../shared/admin/live-calls.ts'
import { testQueue } from '../../shared/testing/test-queue.ts'
import { startWithSteppedModel as start } from '../testing/stepped-model.ts'

/** For what happens on a busy machine sooner or later. */
const soon = <T>(read: () => T) => expect.poll(read, { timeout: 30_000 })

/** What a viewer knows of the calls, kept up with the stream of events. */
async function watch(admin: string) {
  const abort = new AbortController()
  onTestFinished(() => abort.abort())
  const response = await fetch(`${admin}/api/live`, { signal: abort.signal })
  const calls = new Map<string, LiveCall>()
  const ended = (async () => {
    let text = ''
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += part
      const events = text.split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) apply(calls, event)
    }
  })()
  ended.catch(() => undefined)
  const only = (): Partial<LiveCall> => [...calls.values()][0] ?? {}
  return { calls, only, ended }
}

function apply(calls: Map<string, LiveCall>, event: string): void {
  const [, name, data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? []
  const changed: readonly LiveCall[] =
    name === 'snapshot' ? (JSON.parse(data) as LiveSnapshot).calls : name === 'calls' ? JSON.parse(data) : []
  for (const call of changed) calls.set(call.id, call)
}

test('a stream is seen from its start to its delivery, also what came before somebody looked', async () => {
  const { model, threadtap, call } = await start(['High ', 'at ', 'noon'])
  const answered = call({ 'x-thread-id': 'tides', 'x-user-id': 'ada' })
  model.step(2)
  await soon(() =>
    threadtap.getJson<LiveSnapshot>('/api/live/calls').then(({ calls }) => calls[0]?.characters),
  ).toBe(5)
  const viewer = await watch(threadtap.admin)
  await soon(viewer.only).toMatchObject({
    threadId: 'tides',
    userId: 'ada',
    model: 'm',
    phase: 'answering',
    lastWords: 'High ',
  })
  model.step()
  await soon(viewer.only).toMatchObject({ lastWords: 'High at ', delivery: 'in_flight' })
  model.step(10)
  await answered
  await soon(viewer.only).toMatchObject({
    phase: 'ended',
    ending: 'completed',
    lastWords: 'High at noon',
    delivery: 'delivered',
  })
})

test('REDACT keeps ids and words of a running call out of sight', async () => {
  const { model, threadtap, call } = await start(['ada@example.org'], { REDACT: 'email' })
  const answered = call({ 'x-user-id': 'ada@example.org' })
  model.step(2)
  await soon(() =>
    threadtap.getJson<LiveSnapshot>('/api/live/calls').then(({ calls }) => calls[0]?.characters),
  ).toBe(15)
  const snapshot = await threadtap.getJson<LiveSnapshot>('/api/live/calls')
  expect(snapshot.words).toBe('redact')
  expect(JSON.stringify(snapshot)).not.toContain('example.org')
  expect(snapshot.calls[0]?.userId).toMatch(/^\[email /)
  const viewer = await watch(threadtap.admin)
  model.step(10)
  await answered
  await soon(viewer.only).toMatchObject({ phase: 'ended', lastWords: '[email]' })
})

test('a viewer does not hold up the end of the process', async () => {
  const { threadtap } = await start([])
  const viewer = await watch(threadtap.admin)
  threadtap.child.kill('SIGTERM')
  await viewer.ended
  expect(await threadtap.exited).toBe(0)
})

test('where the workers are elsewhere a call is seen until Redis has its record', async () => {
  const { redisUrl, queueName, prefix } = testQueue()
  const queue = { REDIS_URL: redisUrl, QUEUE_NAME: queueName, QUEUE_PREFIX: prefix }
  const { model, threadtap, call } = await start(['High ', 'at ', 'noon'], queue, 'proxy')
  const viewer = await watch(threadtap.admin)
  const answered = call()
  model.step(10)
  await answered
  await soon(viewer.only).toMatchObject({ phase: 'ended', delivery: 'queued' })
})
