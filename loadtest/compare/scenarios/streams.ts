import type { SubjectName } from '../subjects/subject.ts'
import type { LoadScenario } from './scenario.ts'

const framesPerSecond = 50

const streamsOf = (streams: number, subjects: readonly SubjectName[]): LoadScenario => ({
  kind: 'load',
  name: `streams-${streams}`,
  title: `${streams.toLocaleString('en')} streams of ${framesPerSecond} frames a second`,
  unit: 'frame',
  subjects,
  load: (seconds) => ({ kind: 'streams', streams, framesPerSecond, seconds }),
})

export const streams50 = streamsOf(50, ['direct', 'bare', 'nginx', 'proxy', 'start', 'langfuse-fast'])
export const streams200 = streamsOf(200, ['direct', 'bare', 'proxy', 'start'])
/** 50,000 frames a second: more than two cores carry for model, relay and driver; shows how each gives way. */
export const streams1000 = streamsOf(1_000, ['bare', 'start'])
