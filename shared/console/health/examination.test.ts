import { expect, test } from 'vitest'
import type { ExaminedPart } from '../../admin/examination.ts'
import { createExamination } from './examination.ts'

const well: ExaminedPart = { name: 'redis', state: 'ok', summary: 'answers' }

test('whoever asks while servers are being asked waits for that answer', async () => {
  let asked = 0
  let answer: (parts: readonly ExaminedPart[]) => void = () => undefined
  const examination = createExamination(
    () => {
      asked += 1
      return new Promise((resolve) => {
        answer = resolve
      })
    },
    () => 7,
  )
  expect(examination.last()).toEqual({ parts: [] })
  const runs = [examination.run(), examination.run()]
  answer([well])
  await Promise.all(runs)
  expect([asked, examination.last()]).toEqual([1, { at: 7, parts: [well] }])
  void examination.run()
  expect(asked).toBe(2)
})

test('one that fails leaves what was known, and the next is asked again', async () => {
  let asked = 0
  const examination = createExamination(
    async () => {
      asked += 1
      if (asked === 2) throw new Error('out of memory')
      return [well]
    },
    () => asked,
  )
  await examination.run()
  await expect(examination.run()).rejects.toThrow('out of memory')
  expect(examination.last().at).toBe(1)
  await examination.run()
  expect(examination.last().at).toBe(3)
})
