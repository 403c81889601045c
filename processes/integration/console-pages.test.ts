import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import {
  accessibilityProblems,
  chromiumMissing,
  closeBrowser,
  openPage,
} from '../../shared/testing/browser.ts'
import { type Answer, answerJson, chatEvents, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { run } from '../testing/processes.ts'

afterAll(closeBrowser)

const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 }

/** Fails for one model, asks for a tool where there is one that has not answered, and else says when the tide is high. */
const answer: Answer = (request, outgoing) => {
  const { model, tools, messages } = JSON.parse(String(request.body))
  if (model === 'streamer') return streamSlowly(outgoing)
  if (model === 'broken') return answerJson({ error: { message: 'overloaded' } }, 503)(request, outgoing)
  const asksTool = tools !== undefined && messages.length === 1
  const call = { id: 'call_1', type: 'function', function: { name: 'tide', arguments: '{"at":"Dover"}' } }
  const message = asksTool
    ? { role: 'assistant', content: null, tool_calls: [call] }
    : { role: 'assistant', content: 'High at noon.' }
  const choices = [{ index: 0, message, finish_reason: asksTool ? 'tool_calls' : 'stop' }]
  return answerJson({ id: 'c', model, choices, usage })(request, outgoing)
}

/** So that each part of its time is there to be shown. */
async function streamSlowly(outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
  for (const event of chatEvents(['High ', 'at noon.'], usage)) {
    await pause(20)
    outgoing.write(event)
  }
  outgoing.end()
}

/** A console over some calls: two users, two models, one error, one run with a tool. */
async function startWithCalls() {
  const upstream = await startFakeUpstream(answer)
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const threadtap = await run('start', {
    DATA_DIR: tempDir(),
    PORT: '0',
    ADMIN_PORT: '0',
    UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
  })
  const call = async (body: object, headers: Record<string, string> = {}): Promise<void> => {
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    await (await fetch(`${threadtap.baseUrl}/chat/completions`, init)).text()
  }
  const question = { role: 'user', content: 'When is the tide high?' }
  await call({ model: 'calm', messages: [question] }, { 'x-user-id': 'ada', 'x-thread-id': 'tides' })
  await call({ model: 'broken', messages: [question] }, { 'x-user-id': 'ben', 'x-thread-id': 'trouble' })
  const tools = [{ type: 'function', function: { name: 'tide', parameters: {} } }]
  await call({ model: 'sailor', messages: [question], tools })
  const asked = {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'tide', arguments: '{}' } }],
  }
  const told = { role: 'tool', tool_call_id: 'call_1', content: 'noon' }
  await call({ model: 'sailor', messages: [question, asked, told], tools })
  await threadtap.waitForLedger(({ delivered }) => delivered === 4)
  return { ...threadtap, call }
}

/** In px; in the browser. */
const widerThanScreen = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'

const rows = (page: Page) => page.locator('main tbody tr')

test.skipIf(chromiumMissing)(
  `calls are filtered in the address bar, and a reload keeps them ${chromiumMissing ?? ''}`,
  async () => {
    const { admin } = await startWithCalls()
    const { page, problems } = await openPage(admin)
    await page.goto('/calls')
    expect(await rows(page).count()).toBe(4)
    await page.locator('main form input[name="user"]').fill('ada')
    await page.keyboard.press('Enter')
    await page.waitForURL(/[?&]user=ada/)
    expect(await rows(page).count()).toBe(1)
    await page.reload()
    expect(await page.locator('main form input[name="user"]').inputValue()).toBe('ada')
    expect(await rows(page).textContent()).toContain('calm')
    await page.goBack()
    expect(await rows(page).count()).toBe(4)
    expect(problems).toEqual([])
  },
)

test.skipIf(chromiumMissing)('times go on on a page that stays open, and are exact on hover', async () => {
  const { admin } = await startWithCalls()
  const { page, problems } = await openPage(admin)
  await page.clock.install()
  await page.goto('/calls')
  const began = rows(page).last().locator('time')
  expect(await began.textContent()).toMatch(/^(now|\d+ s ago)$/)
  for (const [more, text] of [
    ['30:00', /^3\d min ago$/],
    ['05:00:00', /^5 h ago$/],
    [3 * 86_400_000, /^3 days ago$/],
  ] as const) {
    await page.clock.fastForward(more)
    expect(await began.textContent()).toMatch(text)
  }
  expect(await began.getAttribute('title')).toMatch(/\d:\d\d:\d\d.*\.\d{3}/)
  expect(problems).toEqual([])
})

test.skipIf(chromiumMissing)('keys search, go from row to row, open a call and list themselves', async () => {
  const { admin } = await startWithCalls()
  const { page, problems } = await openPage(admin)
  await page.goto('/calls')
  await page.keyboard.press('/')
  expect(await page.locator('[data-search]:focus').count()).toBe(1)
  await page.keyboard.press('Escape')
  await page.locator('h1').click()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  const href = await page.locator(':focus').getAttribute('href')
  expect(href).toBe(await page.locator('[data-row]').first().getAttribute('href'))
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/calls\/[0-9a-f]{32}/)
  await page.keyboard.press('?')
  expect(await page.getByRole('dialog').textContent()).toContain('pause and resume what is live')
  expect(problems).toEqual([])
})

test.skipIf(chromiumMissing).each([
  ['light', 1_280],
  ['dark', 1_280],
  ['light', 360],
] as const)('axe finds nothing serious on any page, %s, %d wide', async (colorScheme, width) => {
  const threadtap = await startWithCalls()
  await threadtap.call({ model: 'streamer', stream: true, messages: [] })
  await threadtap.waitForLedger(({ delivered }) => delivered === 5)
  const calls =
    await threadtap.getJson<readonly { id: string; model: string; traceId: string }[]>('/api/calls')
  const { page, problems } = await openPage(threadtap.admin, {
    colorScheme,
    viewport: { width, height: 800 },
  })
  const [newest] = calls
  const streamed = calls.find(({ model }) => model === 'streamer')
  const broken = calls.find(({ model }) => model === 'broken')
  for (const path of [
    ...[
      '/live',
      '/calls',
      '/calls?user=nobody',
      '/threads',
      '/thread?id=tides',
      '/runs',
      '/health',
      '/nowhere',
    ],
    ...[`/calls/${newest?.id}`, `/calls/${broken?.id}`, `/calls/${streamed?.id}`, `/runs/${newest?.traceId}`],
  ]) {
    await page.goto(path)
    expect(await accessibilityProblems(page), path).toEqual([])
    const overflow = await page.evaluate<number>(widerThanScreen)
    expect(overflow, `${path} is wider than the screen`).toBeLessThanOrEqual(0)
  }
  expect(problems).toEqual([])
})
