import { slowResponseMs } from '../../overhead/sizes.ts'
import type { LoadScenario } from './scenario.ts'

/** What a caller notices: calls of a model that thinks as models do. */
export const slowCall: LoadScenario = {
  kind: 'load',
  name: 'slow-call',
  title: `Calls of ${slowResponseMs} ms, 50 a second`,
  unit: 'call',
  subjects: ['direct', 'bare', 'proxy', 'langfuse-fast'],
  load: (seconds) => ({
    kind: 'calls',
    thinkMs: slowResponseMs,
    perSecond: 50,
    total: 50 * seconds,
    promptBytes: [600],
    mostOpen: 256,
  }),
}
