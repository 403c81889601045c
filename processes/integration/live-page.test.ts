import type { Locator, Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import {
  accessibilityProblems,
  chromiumMissing,
  closeBrowser,
  openPage,
} from '../../shared/testing/browser.ts'
import { startWithSteppedModel } from '../testing/stepped-model.ts'

afterAll(closeBrowser)

/** For what happens on a busy machine sooner or later. */
const soon = <T>(read: () => T) => expect.poll(read, { timeout: 30_000 })

const rowsOf = (page: Page): Locator => page.locator('#live-rows tr')
const textOf = (locator: Locator) => () => locator.textContent()

test.skipIf(chromiumMissing)(
  `a stream is seen growing, from its start to its delivery ${chromiumMissing ?? ''}`,
  async () => {
    const { model, threadtap, call } = await startWithSteppedModel(['High ', 'at ', 'noon'])
    const { page, problems } = await openPage(threadtap.admin)
    await page.goto('/')
    await soon(() => page.title()).toBe('Live · threadtap')
    await soon(textOf(page.locator('#live-empty'))).toContain('Nothing is in flight')
    const answered = call({ 'x-thread-id': 'tides', 'x-user-id': 'ada' })
    await soon(textOf(rowsOf(page))).toMatch(/waiting.*tides.*ada.*in flight/)
    model.step(2)
    await soon(textOf(rowsOf(page))).toMatch(/answering.*5 characters.*High/)
    model.step()
    await soon(textOf(rowsOf(page))).toMatch(/8 characters.*High at/)
    model.step(10)
    await answered
    await soon(textOf(rowsOf(page))).toMatch(/completed.*delivered.*High at noon/)
    await page.keyboard.press('j')
    expect(problems).toEqual([])
  },
)

test.skipIf(chromiumMissing)('paused, the table stands still, and a reload keeps it paused', async () => {
  const { model, threadtap, call } = await startWithSteppedModel(['High ', 'at ', 'noon'])
  const { page, problems } = await openPage(threadtap.admin)
  await page.goto('/live')
  const button = page.locator('#live-pause')
  await button.click()
  await soon(textOf(button)).toBe('Resume')
  const answered = call()
  model.step(2)
  await soon(textOf(button)).toBe('Resume (1 changed)')
  expect(await rowsOf(page).count()).toBe(0)
  await page.reload()
  await soon(textOf(button)).toMatch(/^Resume/)
  await button.click()
  await soon(textOf(rowsOf(page))).toMatch(/answering/)
  model.step(10)
  await answered
  await soon(textOf(rowsOf(page))).toMatch(/completed/)
  expect(problems).toEqual([])
})

test.skipIf(chromiumMissing)(
  'without a script the table shows what is in flight, in the words of the script',
  async () => {
    const { model, threadtap, call } = await startWithSteppedModel(['High ', 'at ', 'noon'])
    const answered = call({ 'x-thread-id': 'tides', 'x-agent-key': 'pilot' })
    const scripted = await openPage(threadtap.admin)
    await scripted.page.goto('/live')
    model.step(2)
    await soon(textOf(rowsOf(scripted.page))).toMatch(/5 characters/)
    const plain = await openPage(threadtap.admin, { javaScriptEnabled: false })
    await plain.page.goto('/live')
    const withoutTimes = async (page: Page) =>
      String(await rowsOf(page).textContent()).replace(/[\d.]+ (ms|s|char\/s)/g, '')
    expect(await withoutTimes(plain.page)).toBe(await withoutTimes(scripted.page))
    expect(await plain.page.locator('#live').isVisible()).toBe(false)
    model.step(10)
    await answered
  },
)

test.skipIf(chromiumMissing)('a connection that breaks is said', async () => {
  const { threadtap } = await startWithSteppedModel([])
  const { page } = await openPage(threadtap.admin)
  await page.goto('/live')
  await soon(textOf(page.locator('#live-counter'))).toContain('0 in flight')
  threadtap.child.kill('SIGTERM')
  await soon(textOf(page.locator('#live-counter'))).toContain('The connection is lost')
})

test.skipIf(chromiumMissing).each(['light', 'dark'] as const)(
  'in %s axe finds nothing serious on the pages of what goes on',
  async (colorScheme) => {
    const { model, threadtap, call } = await startWithSteppedModel(['High '])
    const answered = call({ 'x-thread-id': 'tides' })
    model.step(1)
    const { page, problems } = await openPage(threadtap.admin, { colorScheme })
    await page.goto('/live')
    await soon(() => rowsOf(page).count()).toBe(1)
    expect(await accessibilityProblems(page)).toEqual([])
    model.step(10)
    await answered
    await page.goto('/health')
    expect(await accessibilityProblems(page)).toEqual([])
    expect(problems).toEqual([])
  },
)
