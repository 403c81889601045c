import { expect, test } from 'vitest'
import { afterTurns } from './after-turns.ts'

/** Keeps the loop for a while. */
function block(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until) Math.sqrt(until)
}

test('a block of the loop is no proof that time has passed for others', async () => {
  let passed = false
  const cancel = afterTurns(40, () => {
    passed = true
  })
  block(200)
  await new Promise((resolve) => setTimeout(resolve))
  expect(passed).toBe(false)
  cancel()
})

test('it calls back once the loop has turned, and not when it was ended', async () => {
  await new Promise<void>((resolve) => afterTurns(4, resolve))
  let passed = false
  afterTurns(4, () => {
    passed = true
  })()
  await new Promise<void>((resolve) => afterTurns(12, resolve))
  expect(passed).toBe(false)
})
