import type { Redis } from 'ioredis'

/**
 * Redis' GET. What is asked for in one turn of the event loop goes there as one command: every command is a
 * write to the socket of its own, which costs more than all the rest of a look-up.
 * @returns rejects where Redis does not answer
 */
export function batchedGet(redis: Pick<Redis, 'mget'>): (key: string) => Promise<string | null> {
  let gathered: string[] = []
  let answer: Promise<readonly (string | null)[]> | undefined

  function ask(): Promise<readonly (string | null)[]> {
    const keys = gathered
    gathered = []
    answer = undefined
    return redis.mget(keys)
  }

  return async (key) => {
    const place = gathered.push(key) - 1
    answer ??= new Promise((resolve) => setImmediate(resolve)).then(ask)
    const texts = await answer
    return texts[place] ?? null
  }
}
