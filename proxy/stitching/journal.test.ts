import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { openJournal } from './journal.ts'
import { decodeCall, encodeCall } from './remembered-call.ts'
import { aRememberedCall } from './testing/remembered-call.ts'

const noDeadline = new AbortController().signal

function journalIn(dataDir: string, maxBytes?: number) {
  const failures: unknown[] = []
  const onFailure = (cause: unknown) => void failures.push(cause)
  const journal = openJournal({ dataDir, onFailure, ...(maxBytes !== undefined && { maxBytes }) })
  onTestFinished(() => journal.stop?.(noDeadline))
  return { journal, failures }
}

test('what was noted is read by the next process, but for a line that was cut short', async () => {
  const dataDir = tempDir()
  const { journal } = journalIn(dataDir)
  const calls = [aRememberedCall('a'), aRememberedCall('b')]
  journal.note(calls)
  await journal.stop?.(noDeadline)
  appendFileSync(join(dataDir, 'stitching.journal'), encodeCall(aRememberedCall('c')).slice(0, -5))
  expect(journalIn(dataDir).journal.read()).toEqual(calls)
})

test('it grows no further than two files', async () => {
  const dataDir = tempDir()
  const { journal } = journalIn(dataDir, 1_000)
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) {
    journal.note([aRememberedCall(id)])
    await journal.stop?.(noDeadline)
  }
  const ids = journal.read().map(({ node }) => node.id)
  expect(ids.at(-1)).toBe('f')
  expect(ids.length).toBeLessThan(6)
  expect(readFileSync(join(dataDir, 'stitching.journal'), 'utf8').length).toBeLessThan(2_000)
})

test('a disk that cannot be written is told of once', async () => {
  const file = join(tempDir(), 'file')
  writeFileSync(file, '')
  const { journal, failures } = journalIn(file)
  for (const id of ['a', 'b']) {
    journal.note([aRememberedCall(id)])
    await journal.stop?.(noDeadline)
  }
  expect(failures).toHaveLength(1)
})

test.each([
  '',
  'null',
  '{"v":1}',
  '{"v":2}',
  '{"v":1,"node":{},"keys":[]}',
  '{"v":1,"node":{"id":"a"},"keys":[7]}',
])('%j is no call', (text) => {
  expect(decodeCall(text)).toBeUndefined()
})
