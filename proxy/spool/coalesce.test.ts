import { expect, test } from 'vitest'
import { coalesce } from './coalesce.ts'

test('requests of one tick share a run, and those that come during a run share the next', async () => {
  const ends: (() => void)[] = []
  const request = coalesce(() => new Promise((resolve) => ends.push(resolve)))
  const resolved: string[] = []
  const note = (name: string) => () => void resolved.push(name)
  void request().then(note('first'))
  void request().then(note('second'))
  await settle()
  expect(ends.length).toBe(1)

  void request().then(note('third'))
  void request().then(note('fourth'))
  await settle()
  expect(ends.length).toBe(1)
  ends[0]?.()
  await settle()
  expect(resolved).toEqual(['first', 'second'])
  expect(ends.length).toBe(2)
  ends[1]?.()
  await settle()
  expect(resolved).toEqual(['first', 'second', 'third', 'fourth'])
  expect(ends.length).toBe(2)
})

const settle = () => new Promise((resolve) => setImmediate(resolve))
