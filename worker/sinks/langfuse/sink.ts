import type { Dispatcher } from 'undici'
import type { InferenceRecord } from '../../../shared/record/record.ts'
import type { Clock } from '../../../shared/timing/clock.ts'
import { withFilter } from '../filter.ts'
import type { Sink } from '../sink.ts'
import { basicAuthorization } from './credentials.ts'
import type { ValueChange } from './data-model/accepted-values.ts'
import { typeOf } from './data-model/observation.ts'
import type { LangfuseSettings } from './data-model/trace.ts'
import { createTraceMemory } from './data-model/trace-memory.ts'
import { withAcceptedValues } from './data-model/with-accepted-values.ts'
import { fetchHealth } from './health.ts'
import { langfuseIngestion } from './ingestion/transport.ts'
import { type LangfuseMedia, mediaPreparation } from './media/media-preparation.ts'
import { langfuseOtlp } from './otlp/transport.ts'
import { withProtocol } from './protocol.ts'
import type { Protocol } from './server-version.ts'
import type { Verification } from './verification/verification.ts'
import { withVerification } from './verification/with-verification.ts'

/** A Langfuse project on a server. */
export type LangfuseTarget = {
  readonly baseUrl: string
  readonly publicKey: string
  readonly secretKey: string
  readonly clock: Clock
  readonly settings: LangfuseSettings
  readonly dispatcher?: Dispatcher
}

/**
 * @param protocol LANGFUSE_PROTOCOL; `auto` is what the server's version supports
 * @param onChange called for each value that Langfuse would not take as it was
 * @param media where the bytes of media come from; without it they stay notes
 * @param verification reads a sample of what was delivered back
 */
export function langfuseSink(
  target: LangfuseTarget,
  protocol: Protocol | 'auto',
  onChange: (change: ValueChange) => void,
  media?: LangfuseMedia,
  verification?: Verification,
): Sink {
  const { baseUrl, publicKey, secretKey, dispatcher } = target
  // One memory for both protocols: a server that is upgraded keeps its traces.
  const memory = createTraceMemory()
  const authorization = basicAuthorization(publicKey, secretKey)
  const overProtocol = withProtocol({
    setting: protocol,
    send: {
      otlp: langfuseOtlp({ ...target, memory, authorization }),
      ingestion: langfuseIngestion({ ...target, memory }),
    },
    fetchHealth: (signal) => fetchHealth(baseUrl, signal, dispatcher),
  })
  const unverified = withAcceptedValues(overProtocol, onChange)
  const send = verification === undefined ? unverified : withVerification(verification, unverified)
  return {
    name: 'langfuse',
    send: target.settings.spans ? send : withFilter(isMoreThanSpan, 'spans_off', send),
    ...(verification !== undefined && { part: verification }),
    ...(media !== undefined && { prepare: mediaPreparation({ ...target, authorization }, media) }),
  }
}

/** LANGFUSE_ENABLE_SPANS=false leaves out what would be a plain span. */
const isMoreThanSpan = (record: InferenceRecord): boolean => typeOf(record) !== 'span'
