import { join } from 'node:path'
import type { Config } from '../shared/config/load.ts'
import type { Part } from '../shared/lifecycle.ts'
import type { Clock } from '../shared/timing/clock.ts'
import { type AheadJournal, createAheadJournal } from './crash-journal/ahead-journal.ts'
import { journalsIn } from './crash-journal/journal-folder.ts'
import { mayJournal } from './crash-journal/may-journal.ts'
import type { RecordedTape } from './tape/recorded-tape.ts'
import { RingWriter } from './tape/ring-writer.ts'
import type { Tape } from './tape/tap.ts'
import { spareBytesOf } from './tape/tape-size.ts'

type TapeConfig = Pick<Config, 'dataDir' | 'crashJournal' | 'captureContent' | 'redact'>

/** The tapes that the relay writes on, one after the other, each with its ahead journal. */
export type Tapes = {
  /** Ends the journal of the one before. */
  begin(tape: RecordedTape): Tape
  readonly part: Part
}

export function createTapes(
  config: TapeConfig,
  { monotonic }: Clock,
  onJournalFailure: (cause: unknown) => void,
): Tapes {
  let journal: AheadJournal | undefined

  return {
    begin({ memory, journal: name }) {
      const before = journal
      const tape = { ring: new RingWriter(memory), spareBytes: spareBytesOf(memory) }
      if (!config.crashJournal) return tape
      const folder = join(journalsIn(config.dataDir), name)
      journal = createAheadJournal({
        ...{ folder, memory, ring: tape.ring, monotonic, mayJournal: mayJournal(config) },
        onFailure: onJournalFailure,
      })
      if (before !== undefined) {
        void before.stop?.(AbortSignal.abort())
        void journal.start?.()
      }
      return { ...tape, onWritten: journal.noted }
    },
    part: {
      name: 'ahead journal',
      start: () => journal?.start?.(),
      stop: (deadline) => journal?.stop?.(deadline),
    },
  }
}
