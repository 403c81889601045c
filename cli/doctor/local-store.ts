import { destinationsOf, noDestination } from '../../shared/config/destinations.ts'
import type { Config } from '../../shared/config/load.ts'
import { builtInPrices } from '../../shared/pricing/built-in-prices.ts'
import type { Check } from './check.ts'
import { notOk, notUsed, ok } from './reach/finding.ts'

const names = { langfuse: 'Langfuse', otlp: 'OTLP' } as const

/** Whether calls are kept here, and by which prices they are charged. */
export function localStoreCheck(config: Config): Check {
  return {
    name: 'local store',
    async run() {
      const problem = noDestination(config)
      if (problem !== undefined && config.redisUrl === undefined) return notOk(problem, 'LOCAL_STORE=on')
      if (!config.localStore) return notUsed('LOCAL_STORE is off')
      const { ownPrices, storeMaxCalls } = config
      const list =
        ownPrices === undefined ? `built-in prices of ${builtInPrices.date}` : `prices of ${ownPrices.date}`
      const others = destinationsOf(config).map((destination) => names[destination])
      const place = others.length > 0 ? `beside ${others.join(' and ')}` : 'here alone'
      return ok(`the last ${storeMaxCalls} calls are kept, ${place}; ${list}`)
    },
  }
}
