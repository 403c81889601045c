import type { LedgerResponse } from '../../../shared/admin/ledger-response.ts'
import type { CallOutcome } from './calls.ts'
import type { LedgerLooks } from './ledger-watch.ts'
import type { Expectations } from './scenario.ts'
import type { Held } from './sink.ts'

/** What was seen from outside. */
export type Seen = {
  readonly outcomes: readonly CallOutcome[]
  readonly looks: LedgerLooks
  /** By trace id. */
  readonly sink: ReadonlyMap<string, Held>
  readonly ledger: LedgerResponse
}

export type SinkCount = {
  readonly found: number
  readonly missing: number
  readonly twice: number
  /** Found once, although the sink was given them more than once. */
  readonly sentAgain: number
}

/** @returns how many of the calls that threadtap answered are at the sink */
export function countAtSink({ outcomes, sink }: Pick<Seen, 'outcomes' | 'sink'>): SinkCount {
  const recorded = outcomes.filter(({ reached }) => reached).map(({ traceId }) => sink.get(traceId))
  const found = recorded.filter((held) => held !== undefined)
  return {
    found: found.length,
    missing: recorded.length - found.length,
    twice: found.filter(({ shown }) => shown > 1).length,
    sentAgain: found.filter(({ shown, given }) => shown === 1 && given > 1).length,
  }
}

/** What holds in every scenario. @returns what does not; [] where all is well */
export function findProblems(seen: Seen, expects: Expectations): readonly string[] {
  return [
    ...clientProblems(seen.outcomes, expects),
    ...seen.looks.problems.slice(0, 5).map((problem) => `ledger: ${problem}`),
    ...(seen.looks.looks === 0 ? ['ledger: it could never be read'] : []),
    ...ledgerProblems(seen.ledger, expects),
    ...sinkProblems(seen, expects),
  ]
}

function clientProblems(outcomes: readonly CallOutcome[], { clientsMayFail = false }: Expectations) {
  const harmed = outcomes.filter(
    ({ difference, phase }) => difference !== undefined && !(clientsMayFail && phase === 'during'),
  )
  return harmed.slice(0, 3).map(({ phase, difference }) => `a call ${phase} the fault: ${difference}`)
}

function ledgerProblems(
  { spooled, queued, dead_lettered, dropped, adds_up }: LedgerResponse,
  { mayDrop = [], deadLetters = 0, mayDeadLetter = false }: Expectations,
): readonly string[] {
  const unexpected = Object.entries(dropped).filter(
    ([reason, count]) => count > 0 && !mayDrop.some((allowed) => allowed === reason),
  )
  return [
    ...(adds_up ? [] : ['the ledger does not add up at the end']),
    ...(spooled + queued > 0 ? [`${spooled} spooled and ${queued} queued records were never settled`] : []),
    ...(mayDeadLetter || dead_lettered === deadLetters
      ? []
      : [`${dead_lettered} dead letters instead of ${deadLetters}`]),
    ...unexpected.map(([reason, count]) => `${count} records dropped: ${reason}`),
  ]
}

/** The ledger and the world have to say the same: what is not at the sink is counted, and nothing else. */
function sinkProblems(seen: Seen, { ownRecords = 0 }: Expectations): readonly string[] {
  const { outcomes, ledger, sink } = seen
  const { missing, twice } = countAtSink(seen)
  const dropped = Object.values(ledger.dropped).reduce((sum, count) => sum + count, 0)
  const lost = dropped + ledger.dead_lettered
  const answered = outcomes.filter(({ reached }) => reached).length
  return [
    ...(missing > lost ? [`${missing} calls are missing at the sink, and ${lost} are counted`] : []),
    ...(twice > 0 ? [`${twice} calls are at the sink twice`] : []),
    ...(ledger.accepted < answered ? [`${answered} calls were answered, ${ledger.accepted} accepted`] : []),
    ...(ledger.accepted > outcomes.length + ownRecords
      ? [`${ledger.accepted} accepted of ${outcomes.length} calls`]
      : []),
    ...(ledger.delivered > sink.size
      ? [`${ledger.delivered} count as delivered, ${sink.size} are there`]
      : []),
  ]
}
