import type { SubjectName } from '../subjects/subject.ts'
import type { LoadScenario } from './scenario.ts'

const megabyte = 1_000_000

const streamsBeside = (
  what: Pick<LoadScenario, 'name' | 'title'>,
  subjects: readonly SubjectName[],
  perSecond: number,
  promptBytes: readonly number[],
): LoadScenario => ({
  kind: 'load',
  ...what,
  unit: 'frame',
  subjects,
  load: (seconds) => ({ kind: 'streams', streams: 50, framesPerSecond: 50, seconds }),
  beside: (seconds) => ({
    kind: 'calls',
    thinkMs: 0,
    perSecond,
    total: perSecond * seconds,
    promptBytes,
    mostOpen: 256,
  }),
})

/** How late frames are because somebody else's prompt is large. */
export const prompts8mb = streamsBeside(
  { name: 'prompts-8mb', title: '50 paced streams, an 8 MB prompt twice a second' },
  ['direct', 'bare', 'nginx', 'proxy', 'start', 'langfuse-fast'],
  2,
  [8 * megabyte],
)

export const promptsMixed = streamsBeside(
  {
    name: 'prompts-mixed',
    title: '50 paced streams, prompts of 0.5 KB, 100 KB, 1 MB, 8 MB in turn, 8 a second',
  },
  ['bare', 'start'],
  8,
  [500, megabyte / 10, megabyte, 8 * megabyte],
)

/** Twenty records of 155 KB are one batch to Langfuse. */
export const promptsBatched: LoadScenario = {
  kind: 'load',
  name: 'prompts-155kb',
  title: 'Prompts of 155 KB, 40 a second: two batches of 3.1 MB',
  unit: 'call',
  subjects: ['direct', 'bare', 'proxy', 'langfuse-fast'],
  load: (seconds) => ({
    kind: 'calls',
    thinkMs: 0,
    perSecond: 40,
    total: 40 * seconds,
    promptBytes: [155_000],
    mostOpen: 256,
  }),
}
