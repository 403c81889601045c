import { mayKeepMedia } from '../../proxy/recorder/media-assembly.ts'
import { assembleRecorder, type RecorderAssembly } from '../../proxy/recorder/recorder-assembly.ts'
import { registerRelayMetrics } from '../../proxy/recorder/relay-metrics.ts'
import { createAdminPort } from '../../shared/admin/admin-port.ts'
import { destinationsOf } from '../../shared/config/destinations.ts'
import type { Config } from '../../shared/config/load.ts'
import type { HttpPort } from '../../shared/http/http-port.ts'
import type { Part } from '../../shared/lifecycle.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { withDeadline } from '../../shared/timing/deadline.ts'
import type { Note } from '../../shared/timing/loop-watch.ts'
import { consolePages } from '../assembly/console-pages.ts'
import type { Runtime } from '../assembly/runtime.ts'
import { watchLoop } from '../assembly/watch-loop.ts'
import { type Delivery, loadDelivery, type RecordingRole } from './delivery/delivery.ts'
import type { ThreadData } from './protocol.ts'
import { createRelayReadings, type Relay } from './relay-readings.ts'

/** Everything but the relay: what makes records, delivers them, and shows both to operators. */
export type RecordingThreadAssembly = {
  readonly recorder: RecorderAssembly
  readonly adminPort: HttpPort
  /** In start order. */
  readonly parts: readonly Part[]
}

/** A ledger does not wait longer for a disk. */
const caughtUpMs = 5_000
/** One that does not answer for so long is taken for dead. */
const relayAliveMs = 5_000

/** @throws SpoolInUse when another process uses the data folder */
export async function assembleRecordingThread(
  runtime: Runtime,
  { role, tape, run }: Pick<ThreadData, 'role' | 'tape' | 'run'>,
  relay: Relay,
): Promise<RecordingThreadAssembly> {
  const { config, registry, log, clock, degradations } = runtime
  const note: Note = (activity, at) => loopWatch.note(activity, at)
  const recorder = await assembleRecorder(runtime, tape, {
    onContextFound: (...found) => void relay.contextFound(...found),
    onUsageReported: (...reported) => void relay.usageReported(...reported),
    // Before anything can hold it up: an outage of the sinks must not hide the last calls.
    onRecord: (record: InferenceRecord) => worker?.recentCalls?.keep([record]),
    keepsMedia: keepsMedia(config, role),
    run,
    note,
  })
  const deliver = await loadDelivery(role, config.redisUrl)
  const { live } = recorder
  const { worker, carrier }: Delivery = await deliver(
    { ...runtime, note, noteDelivery: live.deliveryNoted },
    recorder,
  )
  const readings = createRelayReadings(relay, recorder, degradations)
  const loops = registerRelayMetrics(registry, config, readings.countsAndLoad)
  const loopWatch = watchLoop('recording', loops, { clock, log })
  const adminPort = createAdminPort(
    {
      registry,
      alive: () => withDeadline(relayAliveMs, () => relay.counts()).then(Boolean),
      checks: { data_port: relay.listening },
      async degraded() {
        await readings.countsAndLoad()
        return degradations.list()
      },
      pages: consolePages(runtime, true),
      ledger: async () => {
        await readings.counts()
        // Calls that ended before somebody asked are accepted, not on their way; a kill does not take that back.
        await withDeadline(caughtUpMs, recorder.caughtUp).catch(() => undefined)
        return carrier.ledger()
      },
      live,
      ...omitUndefined({ dead: worker?.dead, calls: worker?.calls }),
    },
    config,
    log,
    note,
  )
  return {
    recorder,
    adminPort,
    // Stopped in reverse: the tape is read to its end first, then the records' carrier, the spool last.
    parts: [
      loopWatch,
      recorder.parts.spool,
      ...(worker?.parts ?? []),
      adminPort,
      // Before the admin port: its viewers' connections end with it.
      live,
      ...carrier.parts,
      ...recorder.parts.recording,
    ],
  }
}

/** Where the worker is in this process its settings say whether anybody uploads media; elsewhere the worker decides. */
function keepsMedia(config: Config, role: RecordingRole): boolean {
  const isUploaded = role === 'proxy' || destinationsOf(config).includes('langfuse')
  return isUploaded && mayKeepMedia(config)
}
