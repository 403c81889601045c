import { expect, test } from 'vitest'
import { batchedGet } from './batched-get.ts'

/** A Redis that answers each key with itself, and notes what it was asked. */
function echo() {
  const commands: string[][] = []
  const mget = async (keys: string[]): Promise<(string | null)[]> => {
    commands.push(keys)
    return keys.map((key) => (key === 'absent' ? null : `value of ${key}`))
  }
  return { commands, get: batchedGet({ mget } as never) }
}

test('keys asked for at once are one command, and each asker gets its own', async () => {
  const { commands, get } = echo()
  const answers = await Promise.all([get('a'), get('absent'), get('b'), get('a')])
  expect(answers).toEqual(['value of a', null, 'value of b', 'value of a'])
  expect(commands).toEqual([['a', 'absent', 'b', 'a']])
})

test('a key asked for while an answer is under way goes with the next command', async () => {
  const { commands, get } = echo()
  const first = get('a')
  await new Promise((resolve) => setImmediate(resolve))
  expect(await Promise.all([first, get('b')])).toEqual(['value of a', 'value of b'])
  expect(commands).toEqual([['a'], ['b']])
})

test('where Redis does not answer, everybody who asked is told, and the next one asks again', async () => {
  let isAway = true
  const mget = async (keys: string[]) => {
    if (isAway) throw new Error('away')
    return keys
  }
  const get = batchedGet({ mget } as never)
  const told = await Promise.allSettled([get('a'), get('b')])
  expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  isAway = false
  expect(await get('c')).toBe('c')
})
