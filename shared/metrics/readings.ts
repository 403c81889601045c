import { Gauge, type Registry } from 'prom-client'
import type { Declared } from './declared.ts'

type DeclaredGauge = Declared & { readonly type: 'gauge' }

/** Gauges that are read when Prometheus scrapes. */
export function createReadings<C extends Readonly<Record<string, DeclaredGauge>>>(
  declared: C,
  registry: Registry,
  read: { readonly [K in keyof C]: () => number },
): void {
  for (const [key, { name, help }] of Object.entries(declared)) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set((read[key] as () => number)())
      },
    })
  }
}
