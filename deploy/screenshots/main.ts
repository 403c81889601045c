import { once } from 'node:events'
import { statSync } from 'node:fs'
import { chromium, type Page } from 'playwright-core'
import { findChromium } from '../../shared/programs/find-chromium.ts'
import { type RunningDemo, startDemo } from './running-demo.ts'

// `npm run screenshots`: pictures of pages for the README, made from the demo as it runs.

const folder = new URL('../../../docs/images/', import.meta.url)
/** More than a README should weigh. */
const maxBytes = 200_000

const found = findChromium(process.env)
if (!('program' in found)) {
  process.stderr.write(`There is no browser to make pictures with: ${found.why}\n`)
  process.exit(1)
}
const demo = await startDemo()
const browser = await chromium.launch({ executablePath: found.program, args: ['--no-sandbox'] })
try {
  const page = await browser.newPage({ viewport: { width: 1_380, height: 440 }, colorScheme: 'light' })
  await showLive(page, demo)
  await take(page, 'live.png')
  await page.setViewportSize({ width: 1_180, height: 780 })
  await showRun(page, demo)
  await take(page, 'run.png')
} finally {
  await browser.close()
  demo.child.kill('SIGTERM')
  await once(demo.child, 'exit')
}

/** Two stories are being told, and something has ended. */
async function showLive(page: Page, { admin }: RunningDemo): Promise<void> {
  await page.goto(`${admin}/live`)
  const rows = page.locator('#live-rows tr')
  const answering = rows.filter({ hasText: 'answering' }).filter({ hasText: 'char/s' })
  const ended = rows.filter({ hasText: 'delivered' })
  while ((await answering.count()) < 2 || (await ended.count()) < 3) await page.waitForTimeout(50)
}

async function showRun(page: Page, { admin }: RunningDemo): Promise<void> {
  const runs = (await (await fetch(`${admin}/api/runs`)).json()) as readonly { id: string; tools: number }[]
  const run = runs.find(({ tools }) => tools > 0)
  const response = await page.goto(`${admin}/runs/${run?.id}`)
  if (response?.status() !== 200)
    throw new Error(`the page of run ${run?.id} has status ${response?.status()}`)
}

async function take(page: Page, name: string): Promise<void> {
  const path = new URL(name, folder).pathname
  await page.screenshot({ path, animations: 'disabled' })
  const { size } = statSync(path)
  if (size > maxBytes) throw new Error(`${name} has ${size} bytes: more than ${maxBytes}`)
  process.stdout.write(`docs/images/${name}: ${size} bytes\n`)
}
