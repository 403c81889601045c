import { expect, test } from 'vitest'
import { whileProgressing } from './progress.ts'

test('a task goes on for as long as something changes, and is given up once nothing does', async () => {
  let changes = 0
  let step = 'still going'
  const read = (): string => `${step}, ${changes}`
  const task = async (): Promise<string> => {
    // Longer than it may stand still.
    for (; changes < 75; changes++) await new Promise((resolve) => setTimeout(resolve, 20))
    return 'done'
  }
  expect(await whileProgressing(task, read, 1_000)).toBe('done')
  step = 'stuck'
  await expect(whileProgressing(() => new Promise(() => undefined), read, 50)).rejects.toThrow(
    /nothing has changed for 0 s: stuck, 75/,
  )
})
