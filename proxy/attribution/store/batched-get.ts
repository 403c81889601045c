import type { RedisClient } from '../../../shared/queue/redis.ts'

/**
 * GET, batched: the keys of one turn of the event loop go to Redis as one MGET. Every command is a socket write
 * of its own, which costs more than the rest of a look-up.
 * @returns a function that rejects when Redis does not respond
 */
export function batchedGet(redis: Pick<RedisClient, 'mget'>): (key: string) => Promise<string | null> {
  let batch: string[] = []
  let response: Promise<readonly (string | null)[]> | undefined

  function send(): Promise<readonly (string | null)[]> {
    const keys = batch
    batch = []
    response = undefined
    return redis.mget(keys)
  }

  return async (key) => {
    const index = batch.push(key) - 1
    response ??= new Promise((resolve) => setImmediate(resolve)).then(send)
    const texts = await response
    return texts[index] ?? null
  }
}
