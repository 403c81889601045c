import { cpSync, readdirSync, readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { CallSummary } from '../../shared/admin/call-store.ts'
import type { LedgerResponse } from '../../shared/admin/ledger-response.ts'
import { chatEvents, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { until } from '../../shared/testing/until.ts'
import { type RunningProcess, run } from '../testing/processes.ts'

/** A generator with a seed: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** An upstream whose streams end when they are told to, or by themselves. */
async function startUpstream() {
  const open = new Set<ServerResponse>()
  const [head = '', ...rest] = chatEvents(['Hello'], { prompt_tokens: 1, completion_tokens: 1 })
  const upstream = await startFakeUpstream((request, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream', 'set-cookie': 'sid=not-to-be-written' })
    outgoing.write(head)
    if (request.body.includes('stay')) open.add(outgoing)
    else outgoing.end(rest.join(''))
  })
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  return { origin: upstream.origin, open }
}

type SeenCall = { readonly id: string; readonly thread: string; isWhole: boolean }

/** Makes a call. @returns once its response has begun; its body is read in the background */
async function call(baseUrl: string, thread: string, content: string): Promise<SeenCall> {
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'x-thread-id': thread, authorization: 'Bearer not-to-be-written' },
    body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content }] }),
  })
  const seen = { id: response.headers.get('x-call-id') ?? '', thread, isWhole: false }
  void response.text().then(
    () => {
      seen.isWhole = true
    },
    () => undefined,
  )
  return seen
}

function written(dir: string): string {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1')).join()
}

const settled = ({ accepted, delivered }: LedgerResponse): boolean => accepted > 0 && accepted === delivered

async function storedCalls(threadtap: RunningProcess): Promise<ReadonlyMap<string, CallSummary>> {
  const calls = await threadtap.getJson<CallSummary[]>('/api/calls?limit=1000')
  return new Map(calls.map((stored) => [stored.id, stored]))
}

test('kill -9: calls in flight are there after the restart, with their input and thread; ended ones whole', async () => {
  const upstream = await startUpstream()
  const env = { DATA_DIR: tempDir(), UPSTREAM_BASE_URL: `${upstream.origin}/v1` }
  const first = await run('start', env)
  const interrupted = await call(first.baseUrl, 'held', 'stay')
  const whole = await call(first.baseUrl, 'quick', 'Say hello.')
  const before = await first.waitForLedger(({ accepted }) => accepted === 1)
  await first.stop('SIGKILL')
  expect(written(join(env.DATA_DIR, 'crash-journal'))).toContain('"content":"stay"')
  expect(written(env.DATA_DIR)).not.toContain('not-to-be-written')

  const second = await run('start', env)
  const ledger = await second.waitForLedger(({ delivered }) => delivered === 2)
  expect(ledger).toMatchObject({ accepted: before.accepted + 1, adds_up: true })
  expect(await second.getJson(`/api/calls/${interrupted.id}`)).toMatchObject({
    ending: 'process_died',
    context: { threadId: 'held' },
    input: [{ role: 'user', content: 'stay' }],
    response: { status: 200, model: 'gpt-4o-mini-2024-07-18' },
    error: { type: 'process_died' },
  })
  expect(await second.getJson(`/api/calls/${whole.id}`)).toMatchObject({
    ending: 'completed',
    context: { threadId: 'quick' },
    output: { choices: [{ content: 'Hello' }] },
  })
  const metrics = await (await fetch(`${second.admin}/metrics`)).text()
  expect(metrics).toContain('threadtap_calls_recovered_total{outcome="interrupted"} 1')
  expect(await second.stop()).toBe(0)

  const third = await run('start', env)
  expect(await third.waitForLedger(settled)).toMatchObject({ accepted: 2 })
})

test('with CRASH_JOURNAL=off, a kill before an older journal is removed records no call twice', async () => {
  const upstream = await startUpstream()
  const env = { DATA_DIR: tempDir(), UPSTREAM_BASE_URL: `${upstream.origin}/v1` }
  const journals = join(env.DATA_DIR, 'crash-journal')
  const first = await run('start', env)
  await call(first.baseUrl, 'held', 'stay')
  await until(() => written(journals).includes('text/event-stream'))
  await first.stop('SIGKILL')
  const older = join(tempDir(), 'crash-journal')
  cpSync(journals, older, { recursive: true })

  const second = await run('start', { ...env, CRASH_JOURNAL: 'off' })
  expect(await second.waitForLedger(settled)).toMatchObject({ accepted: 1 })
  await second.stop('SIGKILL')
  // As if the kill had come between the two.
  cpSync(older, journals, { recursive: true })

  const third = await run('start', { ...env, CRASH_JOURNAL: 'off' })
  await call(third.baseUrl, 'newer', 'quick')
  await third.waitForLedger(({ accepted, delivered }) => accepted === delivered && accepted > 1)
  await until(() => readdirSync(journals).length === 0)
  expect(await third.waitForLedger(settled)).toMatchObject({ accepted: 2 })
})

test('kill -9 at random moments under load: every call is there exactly once, and accepted never goes down', async () => {
  const random = seeded(20_261_127)
  const upstream = await startUpstream()
  const env = { DATA_DIR: tempDir(), UPSTREAM_BASE_URL: `${upstream.origin}/v1` }
  const seen: SeenCall[] = []
  let accepted = 0
  for (let round = 0; round < 5; round++) {
    const threadtap = await run('start', env)
    const calls = [...Array(20).keys()].map((number) =>
      call(threadtap.baseUrl, `${round}.${number}`, random() < 0.3 ? 'stay' : 'quick'),
    )
    seen.push(...(await Promise.all(calls)))
    // A ledger stands for all that had happened when it was asked for.
    const ledger = await threadtap.getJson<LedgerResponse>('/ledger')
    expect(ledger.accepted).toBeGreaterThanOrEqual(accepted)
    accepted = ledger.accepted
    const more = [...Array(20).keys()].map((number) => call(threadtap.baseUrl, `late.${number}`, 'quick'))
    const moreEnded = Promise.allSettled(more)
    await wait(random() * 60)
    await threadtap.stop('SIGKILL')
    await moreEnded
  }

  const last = await run('start', env)
  const ledger = await last.waitForLedger(settled)
  const stored = await storedCalls(last)
  expect(ledger.accepted).toBeGreaterThanOrEqual(accepted)
  expect(stored.size).toBe(ledger.delivered)
  expect(seen.filter(({ id, thread }) => stored.get(id)?.thread !== thread)).toEqual([])
  const endings = new Set(seen.map(({ id }) => stored.get(id)?.ending))
  expect(endings).toEqual(new Set(['completed', 'process_died']))
})
