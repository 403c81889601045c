import { expect, test } from 'vitest'
import { streamPacer } from './stream-pacer.ts'

/** More turns are due whenever the pacer wakes up than a stream has left. */
const everyMs = 0.05

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length

test('every stream gets its turns until it is done, and the pacer rests when all are', async () => {
  const pacer = streamPacer()
  const run = (turns: number): Promise<number> =>
    new Promise((resolve) => {
      let taken = 0
      pacer.add(everyMs, () => {
        // A turn too many would come with the next wake-up at the latest.
        if (++taken === turns) setTimeout(() => resolve(taken), 10)
        return taken < turns ? 'more' : 'done'
      })
    })
  const timersBefore = timers()
  expect(await Promise.all([run(1), run(3), run(500)])).toEqual([1, 3, 500])
  expect(timers()).toBe(timersBefore)
  expect(await run(2)).toBe(2)
})
