import { destinationsOf } from '../shared/config/destinations.ts'
import type { Config } from '../shared/config/load.ts'
import type { MediaSource } from '../shared/queue/media-source.ts'
import type { Clock } from '../shared/timing/clock.ts'
import type { WorkerEvents } from './events.ts'
import { langfuseSink } from './sinks/langfuse/sink.ts'
import { otlpSink } from './sinks/otlp/sink.ts'
import type { Sink } from './sinks/sink.ts'

/**
 * @param media where the bytes of media come from, if from anywhere
 * @returns the sinks that the settings configure; none means the local store
 */
export function remoteSinks(
  config: Config,
  clock: Clock,
  events: Pick<WorkerEvents, 'valueChanged' | 'mediumPlaced'>,
  media?: MediaSource,
): readonly Sink[] {
  const { langfuseEnvironment: environment, langfuseRelease: release } = config
  const sinks: Sink[] = []
  const destinations = destinationsOf(config)
  const { langfusePublicKey = '', langfuseSecretKey = '', otlpEndpoint } = config
  if (destinations.includes('langfuse')) {
    const target = {
      baseUrl: config.langfuseBaseUrl,
      publicKey: langfusePublicKey,
      secretKey: langfuseSecretKey,
      clock,
      settings: {
        environment,
        release,
        spans: config.langfuseEnableSpans,
        callerFields: config.langfuseCallerFields,
        fillCallerTraces: config.langfuseFillCallerTraces,
        maxCharacters: config.langfuseMaxCharacters,
      },
    }
    const uploads = media && {
      source: media,
      timeoutMs: config.mediaTimeoutMs,
      onOutcome: events.mediumPlaced,
    }
    sinks.push(langfuseSink(target, config.langfuseProtocol, events.valueChanged, uploads))
  }
  if (otlpEndpoint !== undefined) {
    const resource = { environment, release }
    sinks.push(otlpSink({ endpoint: otlpEndpoint, headers: config.otlpHeaders, clock, resource }))
  }
  return sinks
}
