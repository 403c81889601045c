import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { pause } from './pause.ts'

test('a pause ends with its time, or with the first of its signals, and leaves nothing behind on the others', async () => {
  const [lasting, wakeUp] = [new AbortController(), new AbortController()]
  await pause(1, lasting.signal, wakeUp.signal)
  const woken = pause(1e6, lasting.signal, wakeUp.signal)
  wakeUp.abort()
  await woken
  await pause(1e6, lasting.signal, wakeUp.signal)
  expect(getEventListeners(lasting.signal, 'abort')).toEqual([])
  // AbortSignal.any notes the signals that it makes on their sources, under a symbol of its own.
  const notes = Object.getOwnPropertySymbols(lasting.signal).map((key) => Reflect.get(lasting.signal, key))
  expect(notes.filter((note) => note?.size > 0)).toEqual([])
})
