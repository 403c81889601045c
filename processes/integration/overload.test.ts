import { expect, onTestFinished, test } from 'vitest'
import type { Degradation } from '../../shared/degradation/degradations.ts'
import { answerJson, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { run } from '../testing/processes.ts'

/** Slow to read for its size: the relay only looks for a few keys in it. */
const slowBody = `{"model":"m","messages":[${'[],'.repeat(250_000)}"${'x'.repeat(500_000)}"]}`

test('a process that gets more than it can record keeps less, says so, and keeps all again', async () => {
  const upstream = await startFakeUpstream(answerJson({ choices: [] }))
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const threadtap = await run('start', {
    DATA_DIR: tempDir(),
    UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
    SHED_LOAD: 'on',
    LOG_LEVEL: 'warn',
  })
  const overload = async (): Promise<Degradation | undefined> => {
    const { degraded } = await threadtap.getJson<{ degraded: readonly Degradation[] }>('/readyz')
    return degraded.find(({ part }) => part === 'overload')
  }
  const leftOut = async (): Promise<string> =>
    /^threadtap_left_out\{what="content"\} (.)$/m.exec(
      await (await fetch(`${threadtap.admin}/metrics`)).text(),
    )?.[1] ?? ''

  let isOver = false
  const statuses = new Set<number>()
  const clients = Array.from({ length: 6 }, async () => {
    while (!isOver) {
      const init = { method: 'POST', body: slowBody }
      const response = await fetch(`${threadtap.baseUrl}/chat/completions`, init)
      await response.text()
      statuses.add(response.status)
    }
  })
  let seen = await overload()
  while (seen === undefined) seen = await overload()
  expect(seen.effect).toMatch(/because threadtap cannot keep up$/)
  while ((await leftOut()) !== '1');
  isOver = true
  await Promise.all(clients)
  // No call has been refused or has failed.
  expect([...statuses]).toEqual([200])
  expect(threadtap.stderr()).toContain('threadtap cannot keep up; less is kept of calls, which go on')

  while ((await overload()) !== undefined) await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await leftOut()).toBe('0')
  await threadtap.waitForLedger(({ spooled }) => spooled === 0)
}, 240_000)
