import { expect, test } from 'vitest'
import { batchedGet } from './batched-get.ts'

/** A Redis that returns a value for each key, and logs the commands. */
function echo() {
  const commands: string[][] = []
  const mget = async (keys: string[]): Promise<(string | null)[]> => {
    commands.push(keys)
    return keys.map((key) => (key === 'absent' ? null : `value of ${key}`))
  }
  return { commands, get: batchedGet({ mget } as never) }
}

test('keys of one turn are one command, and each caller gets its own value', async () => {
  const { commands, get } = echo()
  const values = await Promise.all([get('a'), get('absent'), get('b'), get('a')])
  expect(values).toEqual(['value of a', null, 'value of b', 'value of a'])
  expect(commands).toEqual([['a', 'absent', 'b', 'a']])
})

test('a key requested while a command is pending goes with the next one', async () => {
  const { commands, get } = echo()
  const first = get('a')
  await new Promise((resolve) => setImmediate(resolve))
  expect(await Promise.all([first, get('b')])).toEqual(['value of a', 'value of b'])
  expect(commands).toEqual([['a'], ['b']])
})

test('when Redis does not respond every caller is rejected, and the next one tries again', async () => {
  let isAway = true
  const mget = async (keys: string[]) => {
    if (isAway) throw new Error('away')
    return keys
  }
  const get = batchedGet({ mget } as never)
  const results = await Promise.allSettled([get('a'), get('b')])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  isAway = false
  expect(await get('c')).toBe('c')
})
