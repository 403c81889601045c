import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { findChromium } from '../programs/find-chromium.ts'

const found = findChromium(process.env)

/** Stands in the name of a skipped test, so that nobody takes its silence for success. */
export const chromiumMissing: string | undefined = 'program' in found ? undefined : `SKIPPED: ${found.why}`

if (chromiumMissing !== undefined) process.stderr.write(`pages in a browser: ${chromiumMissing}\n`)

let launching: Promise<Browser> | undefined

/** One browser for all tests of a file. */
function browser(): Promise<Browser> {
  if (!('program' in found)) throw new Error(chromiumMissing)
  // Chromium's own sandbox needs rights that containers withhold; it shows nothing but what the tests serve.
  launching ??= chromium.launch({ executablePath: found.program, args: ['--no-sandbox', '--disable-gpu'] })
  return launching
}

/** Called after all tests of a file. */
export async function closeBrowser(): Promise<void> {
  await (await launching)?.close()
  launching = undefined
}

/** A page, and what went wrong in it: errors of scripts, refusals by the content policy, dialogs, requests elsewhere. */
export type OpenPage = { readonly page: Page; readonly problems: readonly string[] }

/** @param url of the server under test: a request to anything else is a problem */
export async function openPage(url: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await (await browser()).newContext({ baseURL: url, ...options })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (cause) => problems.push(`error: ${cause.message}`))
  page.on('console', (message) => {
    // A status of 400 or more is an answer that the test itself expects or not.
    const isOfNetwork = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isOfNetwork) problems.push(`console: ${message.text()}`)
  })
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) problems.push(`request: ${request.url()}`)
  })
  return { page, problems }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** @returns what axe-core finds of serious or critical impact, one line each */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  // Evaluated by the debugger, which no content policy holds up.
  await page.evaluate(axe)
  return page.evaluate(async () => {
    // @ts-expect-error: axe puts itself there
    const { violations } = await globalThis.axe.run()
    return (violations as { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[])
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`))
  })
}
