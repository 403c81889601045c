import { expect, test } from 'vitest'
import type { Change } from './database.ts'
import { createUnwrittenChanges } from './unwritten-changes.ts'

const fail = () => Promise.reject(new Error('disk full'))

test('everything pending is written as one batch, and forgotten afterwards', async () => {
  const unwritten = createUnwrittenChanges()
  unwritten.add([
    ['a', 'one'],
    ['b', null],
  ])
  unwritten.add([['a', 'changed']])
  expect(unwritten.bytes).toBe(7)
  expect(await written(unwritten)).toEqual([
    ['a', 'changed'],
    ['b', null],
  ])
  expect(unwritten.bytes).toBe(0)
  expect(unwritten.get('a')).toBeUndefined()
  expect(await written(unwritten)).toEqual([])
})

test('the changes of a failed batch are pending again, below what has been changed since', async () => {
  const unwritten = createUnwrittenChanges()
  unwritten.add([
    ['a', 'old'],
    ['b', 'kept'],
  ])
  const flushed = unwritten.flush(fail)
  unwritten.add([
    ['a', 'newer'],
    ['c', 'c'],
  ])
  expect(unwritten.bytes).toBe(13)
  await expect(flushed).rejects.toThrow('disk full')
  expect(unwritten.bytes).toBe(10)
  expect(unwritten.get('a')).toBe('newer')
  expect(await written(unwritten)).toEqual([
    ['a', 'newer'],
    ['b', 'kept'],
    ['c', 'c'],
  ])
})

test('a value stays readable while its batch is being written', async () => {
  const unwritten = createUnwrittenChanges()
  unwritten.add([['a', 'value']])
  await unwritten.flush(async () => {
    expect(unwritten.get('a')).toBe('value')
  })
})

test('deleting a key that was never written takes no write; deleting one that is being written does', async () => {
  const unwritten = createUnwrittenChanges()
  unwritten.add([['a', 'value']])
  unwritten.add([['a', null]])
  expect(unwritten.bytes).toBe(0)
  unwritten.add([['b', 'value']])
  await unwritten.flush(async (batch) => {
    expect(batch).toEqual([['b', 'value']])
    unwritten.add([['b', 'changed']])
    unwritten.add([['b', null]])
  })
  expect(await written(unwritten)).toEqual([['b', null]])
})

async function written(unwritten: ReturnType<typeof createUnwrittenChanges>): Promise<readonly Change[]> {
  let written: readonly Change[] = []
  await unwritten.flush(async (batch) => {
    written = batch
  })
  return written
}
