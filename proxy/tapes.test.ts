import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Config } from '../shared/config/load.ts'
import { tempDir } from '../shared/testing/temp-dir.ts'
import { until } from '../shared/testing/until.ts'
import { systemClock } from '../shared/timing/clock.ts'
import { type CallBegin, kinds, writeBegin } from './tape/messages.ts'
import { createRingMemory } from './tape/ring.ts'
import { createTapes } from './tapes.ts'

const plain: Pick<Config, 'crashJournal' | 'captureContent' | 'redact'> = {
  crashJournal: true,
  captureContent: 'full',
  redact: { sets: [], patterns: [] },
}

const begin: CallBegin = {
  ...{ id: 'a'.repeat(32), freshTraceId: 'f', startedAt: 1, method: 'POST', upstream: 'default' },
  ...{ operation: 'chat', route: '/v1/x', pathThread: '', body: 'held', headers: ['x-user-id', 'ada'] },
}

/** A call that waits for its upstream, on the tape of a relay with these settings. @returns what stands on disk */
async function tapeCall(settings: Partial<typeof plain>): Promise<() => string> {
  const dataDir = tempDir()
  const folder = join(dataDir, 'crash-journal', 'run-1.0')
  const tapes = createTapes({ ...plain, ...settings, dataDir }, systemClock, () => expect.unreachable())
  onTestFinished(() => tapes.part.stop?.(AbortSignal.abort()))
  const { ring, onWritten } = tapes.begin({ memory: createRingMemory(65_536), journal: 'run-1.0' })
  await tapes.part.start?.()
  const texts = [
    [kinds.begin, writeBegin(begin)],
    [kinds.requestData, 'question'],
    [kinds.requestEnd, ''],
  ] as const
  for (const [kind, text] of texts) {
    ring.writeLatin1(kind, 1, 0, text)
    onWritten?.(kind)
  }
  return () =>
    existsSync(folder)
      ? readdirSync(folder)
          .map((name) => readFileSync(join(folder, name), 'latin1'))
          .join('')
      : ''
}

test('the relay journals a call as it is', async () => {
  const written = await tapeCall({})
  await until(() => written().includes(begin.id))
  expect(written()).toContain('ada')
  expect(written()).toContain('question')
})

test('with less than full CAPTURE_CONTENT it journals the call without its bodies', async () => {
  const written = await tapeCall({ captureContent: 'none' })
  await until(() => written().includes(begin.id))
  expect(written()).toContain('ada')
  expect(written()).not.toContain('question')
})

test('with REDACT it journals the call without what its client says of itself', async () => {
  const written = await tapeCall({ redact: { sets: ['email'], patterns: [] } })
  await until(() => written().includes(begin.id))
  expect(written()).not.toContain('ada')
  expect(written()).not.toContain('question')
})
