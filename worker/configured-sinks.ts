import { destinationsOf } from '../shared/config/destinations.ts'
import type { Config } from '../shared/config/load.ts'
import type { MediaSource } from '../shared/queue/media-source.ts'
import type { Clock } from '../shared/timing/clock.ts'
import type { WorkerEvents } from './events.ts'
import { isSampled } from './sampling.ts'
import { basicAuthorization } from './sinks/langfuse/credentials.ts'
import { type LangfuseTarget, langfuseSink } from './sinks/langfuse/sink.ts'
import { observationReader } from './sinks/langfuse/verification/read-observation.ts'
import { createVerification, type Verification } from './sinks/langfuse/verification/verification.ts'
import { otlpSink } from './sinks/otlp/sink.ts'
import type { Sink } from './sinks/sink.ts'

type SinkEvents = Pick<WorkerEvents, 'valueChanged' | 'mediumPlaced' | 'recordVerified'>

/**
 * @param media where the bytes of media come from, if from anywhere
 * @returns the sinks that the settings configure; none means the local store
 */
export function remoteSinks(
  config: Config,
  clock: Clock,
  events: SinkEvents,
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
    const verification = verificationOf(config, target, events)
    sinks.push(langfuseSink(target, config.langfuseProtocol, events.valueChanged, uploads, verification))
  }
  if (otlpEndpoint !== undefined) {
    const resource = { environment, release }
    sinks.push(otlpSink({ endpoint: otlpEndpoint, headers: config.otlpHeaders, clock, resource }))
  }
  return sinks
}

/** LANGFUSE_VERIFY_SAMPLE: chosen by trace id, so that a trace is verified whole, by every worker alike. */
function verificationOf(
  { langfuseVerifySample: sample }: Config,
  { baseUrl, publicKey, secretKey, clock }: LangfuseTarget,
  events: SinkEvents,
): Verification | undefined {
  if (sample === 0) return undefined
  return createVerification({
    read: observationReader({ baseUrl, authorization: basicAuthorization(publicKey, secretKey) }),
    isChosen: (traceId) => isSampled(traceId, sample),
    onVerified: events.recordVerified,
    clock,
  })
}
