import { setTimeout as pause } from 'node:timers/promises'
import type { LedgerResponse } from '../../shared/admin/ledger-response.ts'
import type { FuzzCase } from './case.ts'
import { call } from './client.ts'
import { createCounters } from './counters.ts'
import { type MemorySummary, watchMemory } from './memory.ts'
import { startFuzzedThreadtap, type ThreadtapProcess } from './threadtap-process.ts'
import { startUpstream } from './upstream-process.ts'
import { findProblems } from './verdict.ts'

export type Plan = {
  readonly nextCase: () => FuzzCase | undefined
  readonly injectUsage: string
  /** Idle time at the end, so that memory can be released. */
  readonly settleMs: number
  onProblems(fuzzCase: FuzzCase, problems: readonly string[]): void
  /** Called once a minute. */
  onProgress?(progress: {
    readonly cases: number
    readonly failed: number
    readonly memoryBytes: number
  }): void
}

export type Report = {
  readonly cases: number
  readonly failed: number
  readonly reached: number
  readonly expected: readonly [min: number, max: number]
  readonly ledger: LedgerResponse | undefined
  readonly memory: MemorySummary
  /** Problems other than those of single calls. */
  readonly problems: readonly string[]
}

const concurrency = 16
const maxFailures = 20

/** Makes calls until there are no more cases, the process has exited or too many calls have failed. */
export async function run(plan: Plan): Promise<Report> {
  const upstream = await startUpstream()
  const threadtap = await startFuzzedThreadtap(upstream.port, plan.injectUsage)
  const memory = watchMemory(threadtap.memoryBytes)
  const sampling = setInterval(() => threadtap.isUp() && memory.sample(), 500)
  const counters = createCounters()
  let failed = 0
  const progress = setInterval(() => {
    if (!threadtap.isUp()) return
    plan.onProgress?.({ cases: counters.cases(), failed, memoryBytes: threadtap.memoryBytes() })
  }, 60_000)

  async function callAndVerify(fuzzCase: FuzzCase): Promise<void> {
    await upstream.play(fuzzCase.id, fuzzCase.response)
    const outcome = await call(fuzzCase.request, threadtap.port)
    const received = await upstream.received(fuzzCase.id)
    counters.add(outcome, received)
    const problems = await findProblems(fuzzCase, outcome, received)
    if (problems.length === 0) return
    failed++
    plan.onProblems(fuzzCase, problems)
  }

  async function callUntilDone(): Promise<void> {
    while (threadtap.isUp() && failed < maxFailures) {
      const fuzzCase = plan.nextCase()
      if (fuzzCase === undefined) return
      await callAndVerify(fuzzCase)
    }
  }

  await Promise.all(Array.from({ length: concurrency }, callUntilDone))
  const reached = await upstream.count()
  const ledger = await settledLedger(threadtap, counters.bounds(reached)[0])
  await pause(plan.settleMs)
  clearInterval(sampling)
  clearInterval(progress)
  if (threadtap.isUp()) memory.sample()
  const wasUp = threadtap.isUp()
  const code = await threadtap.stop()
  upstream.stop()
  return {
    cases: counters.cases(),
    failed,
    reached,
    expected: counters.bounds(reached),
    ledger,
    memory: memory.summary(),
    problems: [
      ...(wasUp ? [] : ['the process has exited']),
      ...(code === 0 ? [] : [`the process ended with ${code}`]),
      ...(ledger === undefined ? ['the records did not all arrive'] : counters.compare(ledger, reached)),
      ...threadtap.errorLines.slice(0, 20).map((line) => `it logged: ${line}`),
    ],
  }
}

/** Without anything having become of a record. */
const maxIdleReads = 50

/**
 * @param fewest records that there must be: on a busy machine those of the last calls are made a while after them
 * @returns the ledger once no record is waiting; undefined when nothing happens to those that are
 */
async function settledLedger(
  threadtap: ThreadtapProcess,
  fewest: number,
): Promise<LedgerResponse | undefined> {
  let previous: LedgerResponse | undefined
  for (let left = maxIdleReads; left > 0 && threadtap.isUp(); left--) {
    await pause(400)
    const ledger = await threadtap.ledger()
    const isQuiet = ledger.spooled === 0 && ledger.queued === 0
    const isSame = ledger.accepted === previous?.accepted
    if (isQuiet && isSame && (ledger.accepted >= fewest || left === 1)) return ledger
    // A busy machine is behind after an hour, and catches up.
    if (!isSame || ledger.spooled !== previous?.spooled) left = maxIdleReads
    previous = ledger
  }
  return undefined
}
