import type { Config } from './load.ts'

/** Where records go besides the local store. */
export type Destination = 'langfuse' | 'otlp'

type DestinationSettings = Pick<
  Config,
  'langfuseEnabled' | 'langfusePublicKey' | 'langfuseSecretKey' | 'otlpEndpoint'
>

/** @returns what the settings name; without any, records go to the local store alone */
export function destinationsOf(config: DestinationSettings): readonly Destination[] {
  const { langfuseEnabled, langfusePublicKey, langfuseSecretKey, otlpEndpoint } = config
  const hasKeys = langfusePublicKey !== undefined && langfuseSecretKey !== undefined
  return [
    ...(langfuseEnabled && hasKeys ? (['langfuse'] as const) : []),
    ...(otlpEndpoint === undefined ? [] : (['otlp'] as const)),
  ]
}

/** @returns the sentence that says so, where a process that delivers would have nowhere to deliver to */
export function noDestination(config: DestinationSettings & Pick<Config, 'localStore'>): string | undefined {
  if (config.localStore || destinationsOf(config).length > 0) return undefined
  return 'LOCAL_STORE=off leaves records nowhere to go: set LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY, or OTLP_ENDPOINT, or LOCAL_STORE=on'
}
