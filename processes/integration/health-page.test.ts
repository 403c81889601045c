import { afterAll, expect, onTestFinished, test } from 'vitest'
import type { DeadLetterSummary } from '../../shared/admin/dead-letters.ts'
import {
  accessibilityProblems,
  chromiumMissing,
  closeBrowser,
  openPage,
} from '../../shared/testing/browser.ts'
import { answerJson, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { run } from '../testing/processes.ts'

afterAll(closeBrowser)

/** Markup, scripts and what turns the direction of text: in whatever a caller, a model or a server names. */
const hostile = '"><img src=x onerror=alert(1)><script>alert(2)</script>\u202E\u2066evil\uFFFF'

/** A threadtap whose back end refuses records, with that text as its reason, until it is told to take them. */
async function startRefused() {
  let isRefusing = true
  const backEnd = await startFakeUpstream((request, outgoing) =>
    isRefusing ? answerJson({ message: hostile }, 400)(request, outgoing) : answerJson({})(request, outgoing),
  )
  const model = await startFakeUpstream(answerJson({ error: { message: hostile, type: 'x' } }, 418))
  onTestFinished(async () => {
    await backEnd[Symbol.asyncDispose]()
    await model[Symbol.asyncDispose]()
  })
  const threadtap = await run('start', {
    DATA_DIR: tempDir(),
    PORT: '0',
    ADMIN_PORT: '0',
    UPSTREAM_BASE_URL: `${model.origin}/v1`,
    OTLP_ENDPOINT: backEnd.origin,
    LANGFUSE_FLUSH_INTERVAL: '0.1',
  })
  const calls = async (count: number) => {
    for (let n = 0; n < count; n++) await call(threadtap.baseUrl)
    await threadtap.waitForLedger(({ dead_lettered }) => dead_lettered === count)
  }
  return {
    threadtap,
    calls,
    take: () => {
      isRefusing = false
    },
  }
}

/** A call in which everything that a caller controls is hostile. */
async function call(baseUrl: string): Promise<void> {
  const latin1 = hostile.replace(/[^\x20-\xff]/g, '')
  await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...Object.fromEntries(idHeaders.map((name) => [name, latin1])),
      'x-metadata': JSON.stringify({ [latin1]: latin1 }),
      'x-request-id': latin1,
    },
    body: JSON.stringify({
      model: hostile,
      user: hostile,
      metadata: { note: `${hostile}\uD800` },
      messages: [
        { role: 'system', content: hostile },
        { role: hostile, content: [{ type: 'text', text: `${hostile}\uDC00` }, { type: hostile }] },
        { role: 'assistant', tool_calls: [{ id: hostile, function: { name: hostile, arguments: hostile } }] },
      ],
      tools: [{ type: 'function', function: { name: hostile, description: hostile } }],
    }),
  })
}

const idHeaders = ['x-thread-id', 'x-session-id', 'x-user-id', 'x-agent-key', 'x-trace-name', 'x-tags']

test.skipIf(chromiumMissing)(
  `a dead letter is sent again from the page, another one purged ${chromiumMissing ?? ''}`,
  async () => {
    const { threadtap, calls, take } = await startRefused()
    await calls(2)
    const { page, problems } = await openPage(threadtap.admin)
    await page.goto('/health')
    const main = page.locator('main')
    expect(await main.textContent()).toContain('2 dead letters wait for somebody to decide')
    expect(await main.textContent()).toContain(hostile.slice(0, 20))
    expect(await accessibilityProblems(page)).toEqual([])

    await page.getByRole('button', { name: 'Send again' }).first().click()
    await page.waitForURL('**/health?**')
    expect(await main.textContent()).toContain('0 delivered. 1 could not be delivered, and is still here.')

    take()
    await page.getByRole('button', { name: 'Send again' }).first().click()
    await page.waitForURL('**/health?delivered=1**')
    expect(await main.textContent()).toContain('1 delivered.')
    await page.reload()
    expect(await threadtap.getJson<DeadLetterSummary[]>('/api/dead')).toHaveLength(1)

    await page.getByText('Purge', { exact: true }).click()
    await page.getByRole('button', { name: 'Purge for good' }).click()
    await page.waitForURL('**/health?purged=1')
    expect(await main.textContent()).toContain('There are none.')
    expect(await threadtap.getJson('/api/dead')).toEqual([])
    await threadtap.waitForLedger(({ delivered, dead_lettered }) => delivered === 1 && dead_lettered === 1)
    expect(problems).toEqual([])
  },
)

test.skipIf(chromiumMissing)('the page asks the servers when it is told to', async () => {
  const { threadtap } = await startRefused()
  const { page, problems } = await openPage(threadtap.admin)
  await page.goto('/health')
  await page.getByRole('button', { name: 'Ask them' }).click()
  await page.waitForURL('**/health#servers')
  const servers = page.getByRole('region', { name: 'What it talks to' })
  expect(await servers.textContent()).toMatch(
    /Asked .*: *✓ upstream default: .*takes calls.*✗ OTLP: .*answers 400/,
  )
  expect(await servers.getByRole('button').textContent()).toBe('Ask them again')
  expect(await accessibilityProblems(page)).toEqual([])
  expect(problems).toEqual([])
})

test.skipIf(chromiumMissing)('a page of another site sends nothing again', async () => {
  const { threadtap, calls } = await startRefused()
  await calls(1)
  const elsewhere = await startFakeUpstream((_request, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/html' })
    outgoing.end(
      `<form method=post action="${threadtap.admin}/health/dead/replay-all"><button>Win</button></form>`,
    )
  })
  onTestFinished(() => elsewhere[Symbol.asyncDispose]())
  const { page } = await openPage(elsewhere.origin)
  await page.goto('/')
  const answer = page.waitForResponse(`${threadtap.admin}/**`)
  await page.getByRole('button').click()
  expect((await answer).status()).toBe(403)
})

test.skipIf(chromiumMissing)('hostile text stays text on every page', async () => {
  const { threadtap, calls } = await startRefused()
  const { page, problems } = await openPage(threadtap.admin)
  await page.goto('/live')
  await calls(1)
  await expect
    .poll(() => page.locator('#live-rows').textContent(), { timeout: 30_000 })
    .toContain(hostile.slice(0, 40))
  const [call] = await threadtap.getJson<{ id: string; traceId: string }[]>('/api/calls')
  const navigation = await page
    .locator('header nav a')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href')))
  const linked = new Set([...navigation, `/calls/${call?.id}`, `/runs/${call?.traceId}`])
  for (const path of linked) {
    await page.goto(String(path))
    for (const href of await page
      .locator('main a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href'))))
      expect(href).toMatch(/^[/#?]/)
    expect(await page.locator('img, main script, [onerror]').count()).toBe(0)
  }
  expect(problems).toEqual([])
})
