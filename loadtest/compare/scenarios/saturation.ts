import type { RampScenario } from './scenario.ts'

/** How many plain calls a second each takes. */
export const saturation: RampScenario = {
  kind: 'ramp',
  name: 'saturation',
  title: 'Plain calls, as many as it takes',
  subjects: ['direct', 'bare', 'nginx', 'proxy', 'start', 'portkey'],
}
