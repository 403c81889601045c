import { expect, test } from 'vitest'
import { loadOnce } from './load-once.ts'

test('what is loaded stays, and what could not be is tried again', async () => {
  let loads = 0
  const load = loadOnce(async () => {
    loads += 1
    if (loads === 1) throw new Error('not there')
    return loads
  })
  await expect(load()).rejects.toThrow('not there')
  expect(await Promise.all([load(), load()])).toEqual([2, 2])
  expect(await load()).toBe(2)
})
