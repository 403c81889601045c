import { readCertificate } from '../shared/config/certificate.ts'
import type { Config } from '../shared/config/load.ts'
import type { HttpPort } from '../shared/http/http-port.ts'
import type { Part } from '../shared/lifecycle.ts'
import type { Logger } from '../shared/logger.ts'
import type { Clock } from '../shared/timing/clock.ts'
import { createLoopWatch } from '../shared/timing/loop-watch.ts'
import { createApp, rejectMalformed, rejectSlowUpload } from './app.ts'
import { createKnownContexts, type KnownContexts } from './attribution/store/known-contexts.ts'
import { mirrored } from './attribution/store/mirrored-store.ts'
import type { RegisteredContexts } from './attribution/store/store.ts'
import { watchCertificate } from './certificate-watch.ts'
import { createDataPort } from './data-port.ts'
import { createAccess } from './ingress/access/access.ts'
import { maxTotalHeldBytes } from './ingress/held-bytes.ts'
import { targetFinder } from './ingress/target.ts'
import { upstreamsOf } from './ingress/upstreams.ts'
import { createRelayEvents, type RelayEvents } from './relay-events.ts'
import type { RelayParts } from './relay-parts.ts'
import { assembleShedding } from './shedding/assembly.ts'
import type { Kept } from './tape/kept.ts'
import type { RecordedTape } from './tape/recorded-tape.ts'
import type { RelayCounts } from './tape/relay-counts.ts'
import { Tap, type Unsettled } from './tape/tap.ts'
import { createTapes } from './tapes.ts'
import { createUpgrade } from './upgrade.ts'
import { createDispatcher } from './upstream/dispatcher.ts'
import { createKnownReporting, type KnownReporting } from './usage-reporting/known-reporting.ts'

/** What relays calls, and leaves what goes by on the tape. */
export type RelayAssembly = {
  readonly dataPort: HttpPort
  /** Ids of registered contexts, to be kept up to date by whoever looks them up. */
  readonly known: KnownContexts
  /** How upstreams report usage, to be kept up to date by whoever learns it. */
  readonly reporting: KnownReporting
  /** In start order. */
  readonly parts: readonly Part[]
  counts(): RelayCounts
  /** Keeps less of calls from now on, or more again. */
  keep(kept: Kept): void
  /** Goes on writing on another tape. @returns what is known of the one before */
  changeTape(tape: RecordedTape): Unsettled
}

/** The other side of the tape. */
export type Recording = {
  readonly tape: RecordedTape
  /** Something is on the tape for a reader that sleeps. */
  wake(): void
  /** Where contexts are registered. */
  readonly contexts: RegisteredContexts
}

/** Wires the path of a call; nothing runs yet. */
export function assembleRelay(
  config: Config,
  clock: Clock,
  log: Logger,
  recording: Recording,
): RelayAssembly {
  const events = createRelayEvents(log)
  const heldMaxBytes = maxTotalHeldBytes()
  const dispatcher = createDispatcher(config.upstreamTimeoutMs)
  const reporting = createKnownReporting(clock)
  const known = createKnownContexts(clock)
  const tapes = createTapes(config, clock, events.aheadJournalFailed)
  const tap = new Tap({ monotonic: clock.monotonic, wake: recording.wake, ...tapes.begin(recording.tape) })
  const shedding = assembleShedding(config, clock, tap, events)
  const onDelay = (ms: number): void => {
    events.loopDelayed(ms)
    shedding.loopDelayed(ms)
  }
  const loopWatch = createLoopWatch({ clock, onDelay, onBlock: events.loopBlocked })
  const parts: RelayParts = {
    access: createAccess(config),
    findTarget: targetFinder(upstreamsOf(config)),
    dispatcher,
    injectUsage: config.injectUsage,
    reporting,
    // With less than all of the content a call's usage is not estimated, so that none may be sent without asking.
    estimableBytes: config.captureContent === 'full' ? config.captureMaxBytes : -1,
    budget: { free: heldMaxBytes },
    maxCalls: config.maxCallsInFlight,
    contextRoutes: {
      store: mirrored(recording.contexts, known),
      ttlMs: config.contextTtlMs,
      inRedis: config.redisUrl !== undefined,
      onRefused: events.requestRejected,
      onStoreFailure: events.contextStoreFailed,
      onBroken: events.callBroken,
    },
    presets: { known, defaults: config.contextDefaults },
    tap,
    clock,
    events,
    loopWatch,
  }
  const { dataPort, certificateWatch } = assembleDataPort(config, parts, events)
  return {
    dataPort,
    known,
    reporting,
    parts: [
      tapes.part,
      { name: 'upstream connections', stop: () => dispatcher.destroy() },
      loopWatch,
      ...shedding.parts,
      dataPort,
      ...certificateWatch,
    ],
    counts: () => ({
      ...events.counts(),
      lostCalls: tap.lostCalls,
      heldBytes: heldMaxBytes - parts.budget.free,
      tapeUsed: tap.fill,
      ...shedding.state(),
    }),
    keep: (kept) => tap.keep(kept),
    changeTape: (tape) => tap.change(tapes.begin(tape)),
  }
}

type DataPortAssembly = { readonly dataPort: HttpPort; readonly certificateWatch: readonly Part[] }

/** The port that applications call, with a certificate that is read again when its file changes. */
function assembleDataPort(config: Config, parts: RelayParts, events: RelayEvents): DataPortAssembly {
  const certificate = readCertificate(config)
  const dataPort = createDataPort(
    createApp(parts),
    {
      onUpgrade: createUpgrade(parts),
      onMalformed: (cause) => rejectMalformed(cause, events),
      onTlsFailure: events.tlsFailed,
      slowUploads: {
        minBytesPerSecond: config.minUploadRate,
        onSlowUpload: (outgoing) => rejectSlowUpload(outgoing, events),
      },
    },
    config,
    certificate,
  )
  const certificateWatch = watchCertificate(config, certificate, {
    onChange(renewed) {
      dataPort.renewCertificate(renewed)
      events.certificateRenewed()
    },
    onUnusable: events.certificateUnusable,
  })
  return { dataPort, certificateWatch }
}
