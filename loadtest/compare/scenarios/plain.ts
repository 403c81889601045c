import type { Load } from '../load/load.ts'
import { type SubjectName, subjectNames } from '../subjects/subject.ts'
import type { LoadScenario } from './scenario.ts'

/** Prompts of 600 bytes, answers of 1.2 KB that come at once. */
export const plainCalls = (perSecond: number, seconds: number): Load => ({
  kind: 'calls',
  thinkMs: 0,
  perSecond,
  total: Math.round(perSecond * seconds),
  promptBytes: [600],
  mostOpen: 256,
})

const plainAt = (perSecond: number, subjects: readonly SubjectName[]): LoadScenario => ({
  kind: 'load',
  name: `plain-${perSecond}`,
  title: `Plain calls, ${perSecond.toLocaleString('en')} a second`,
  unit: 'call',
  subjects,
  load: (seconds) => plainCalls(perSecond, seconds),
})

export const plain200 = plainAt(200, ['direct', 'bare', 'nginx', 'proxy', 'start'])

export const plain1000 = plainAt(1_000, subjectNames)
