import { expect, test } from 'vitest'
import { residentMbOf, threadNameOf, ticksOf } from './parse-proc.ts'

const after = 'S 1 1172 29258 0 -1 4194304 99 0 0 0 130 45 7 9 20 0 1 0 163636 3133440 406'

test('user and system ticks are added, those of children are not', () => {
  expect(ticksOf(`1175 (node) ${after}`)).toBe(175)
})

test('a process name with spaces and parentheses does not shift the fields', () => {
  expect(ticksOf(`1175 (a (strange) 1 2 name) ${after}`)).toBe(175)
  expect(threadNameOf(`1175 (a (strange) 1 2 name) ${after}`)).toBe('a (strange) 1 2 name')
})

test('resident memory is read in MB, and a process that has ended holds none', () => {
  expect(residentMbOf('VmHWM:\t  99999 kB\nVmRSS:\t    2048 kB\n')).toBe(2)
  expect(residentMbOf('Name:\tnode\nState:\tZ (zombie)\n')).toBe(0)
})
