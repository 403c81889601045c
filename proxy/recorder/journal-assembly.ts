import { join } from 'node:path'
import type { Config } from '../../shared/config/load.ts'
import type { Clock } from '../../shared/timing/clock.ts'
import { type CrashJournal, createCrashJournal } from '../crash-journal/crash-journal.ts'
import { journalsIn } from '../crash-journal/journal-folder.ts'
import { mayJournal } from '../crash-journal/may-journal.ts'
import { createRecovery, type Recovery } from '../crash-journal/recovery.ts'
import type { Redactor } from '../observe/redact/redactor.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Spool } from '../spool/spool.ts'
import type { Stitching } from '../stitching/stitching.ts'
import { createBeginWriter } from './journalled-begin.ts'
import { createHeadWriter } from './journalled-head.ts'
import type { RecorderEvents } from './recorder-events.ts'
import type { ReplayedRecording } from './recording-assembly.ts'

type JournalConfig = Pick<
  Config,
  'dataDir' | 'crashJournal' | 'captureContent' | 'captureMaxBytes' | 'redact'
>

type JournalSurroundings = {
  /** Names this process among those that had the data folder. */
  readonly run: string
  /** The name of the folder that the journal of its tape is in. */
  readonly journal: string
  readonly spool: Pick<Spool, 'recorded' | 'reject'>
  readonly clock: Clock
  readonly events: RecorderEvents
  /** False while an older journal may still ask which calls have a record. */
  readonly mayForget: () => boolean
}

/** A body that is larger than what is captured of it must be read whole all the same. */
const leastBodyBytes = 1_048_576

/** @returns undefined with CRASH_JOURNAL=off */
export function assembleJournal(
  config: JournalConfig,
  { journal, spool, clock, events, mayForget }: JournalSurroundings,
  stitching: Stitching | undefined,
  redactor: Redactor | undefined,
): CrashJournal | undefined {
  const { dataDir, crashJournal, captureMaxBytes } = config
  if (!crashJournal) return undefined
  return createCrashJournal({
    folder: join(journalsIn(dataDir), journal),
    writeBegin: createBeginWriter({
      ...(stitching !== undefined && { tenantOf: stitching.tenantOf }),
      ...(redactor !== undefined && { redactId: redactor.id }),
    }),
    ...(redactor !== undefined && { writeHead: createHeadWriter(redactor.id) }),
    bodyMaxBytes: mayJournal(config).bodies ? Math.max(leastBodyBytes, captureMaxBytes) : 0,
    recorded: {
      newest: spool.recorded.newest,
      async forget(packNumber) {
        if (mayForget()) await spool.recorded.forget(packNumber)
      },
    },
    monotonic: clock.monotonic,
    events,
  })
}

/** What an earlier process was killed with is recorded whether this one keeps a journal or not. */
export function assembleRecovery(
  { dataDir }: JournalConfig,
  { run, journal, spool, events }: JournalSurroundings,
  outbox: Pick<Outbox, 'flush'>,
  { visit, onBegin, idle }: ReplayedRecording,
): Recovery {
  return createRecovery({
    dir: journalsIn(dataDir),
    run,
    own: journal,
    visit,
    onBegin,
    recorded: spool.recorded,
    async flush() {
      await idle()
      await outbox.flush()
    },
    events: {
      ...events,
      callsLost(calls) {
        events.callsNotRecovered(calls)
        spool.reject(calls, 'not_recovered')
      },
    },
  })
}
