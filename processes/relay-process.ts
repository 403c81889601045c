import { assembleRelay, type RelayAssembly } from '../proxy/relay-assembly.ts'
import { checkCertificate } from '../shared/config/certificate.ts'
import { loadConfig } from '../shared/config/load.ts'
import { checkPorts } from '../shared/config/ports.ts'
import type { Degradation } from '../shared/degradation/degradations.ts'
import type { Part } from '../shared/lifecycle.ts'
import { createLogger } from '../shared/logger.ts'
import { omitUndefined } from '../shared/omit-undefined.ts'
import { startupGarbage } from '../shared/startup-garbage.ts'
import { systemClock } from '../shared/timing/clock.ts'
import { keepPrivate } from './assembly/keep-private.ts'
import type { RunningProcess } from './assembly/runtime.ts'
import type { Addresses } from './banner.ts'
import type { RecordingRole } from './recording/delivery/delivery.ts'
import { createRecordingThread } from './recording/recording-thread.ts'

export type RelayProcess = RunningProcess & {
  /** In start order. */
  readonly parts: readonly Part[]
  /** Available once everything has started. */
  readonly addresses: () => Addresses & { readonly data: string }
  /** What did not work when it started, and stopped nothing. */
  readonly degraded: () => readonly Degradation[]
}

/**
 * A process that relays calls: the relay on the main thread, with nothing else on its event loop, and everything that
 * records, delivers and shows in the recording thread.
 * @throws InvalidSettings naming every invalid setting
 */
export function createRelayProcess(env: NodeJS.ProcessEnv, role: RecordingRole): RelayProcess {
  const config = loadConfig(env, checkCertificate, checkPorts)
  const log = createLogger(config.logLevel, role)
  keepPrivate(config.dataDir)
  const recording = createRecordingThread({ role, env, log, relay: () => relay })
  const relay: RelayAssembly = assembleRelay(config, systemClock, log, recording)
  return {
    config,
    log,
    parts: [recording, startupGarbage, ...relay.parts],
    addresses: () => omitUndefined({ data: relay.dataPort.url(), admin: recording.adminUrl() }),
    degraded: recording.degraded,
  }
}
