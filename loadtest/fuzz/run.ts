import { setTimeout as pause } from 'node:timers/promises'
import type { LedgerResponse } from '../../shared/admin/ledger-response.ts'
import type { FuzzCase } from './case.ts'
import { call } from './client.ts'
import { judge } from './judge.ts'
import { type MemorySummary, watchMemory } from './memory.ts'
import { createTally } from './tally.ts'
import { startThreadtap, type ThreadtapProcess } from './threadtap-process.ts'
import { startUpstream } from './upstream-process.ts'

export type Plan = {
  readonly nextCase: () => FuzzCase | undefined
  readonly injectUsage: string
  /** How long nothing happens at the end, so that memory can be given back. */
  readonly settleMs: number
  onProblems(one: FuzzCase, problems: readonly string[]): void
}

export type Report = {
  readonly cases: number
  readonly failed: number
  readonly reached: number
  readonly expected: readonly [least: number, most: number]
  readonly ledger: LedgerResponse | undefined
  readonly memory: MemorySummary
  /** What is wrong beyond single calls. */
  readonly problems: readonly string[]
}

const atOnce = 16
const failuresMax = 20

/** Makes calls until there are no more cases, the process is gone or too much has gone wrong. */
export async function run(plan: Plan): Promise<Report> {
  const upstream = await startUpstream()
  const threadtap = await startThreadtap(upstream.port, plan.injectUsage)
  const memory = watchMemory(threadtap.rssBytes)
  const sampling = setInterval(() => threadtap.isUp() && memory.sample(), 500)
  const tally = createTally()
  let failed = 0

  async function callAndJudge(one: FuzzCase): Promise<void> {
    await upstream.play(one.id, one.answer)
    const outcome = await call(one.request, threadtap.port)
    const seen = await upstream.seen(one.id)
    tally.add(outcome, seen)
    const problems = await judge(one, outcome, seen)
    if (problems.length === 0) return
    failed++
    plan.onProblems(one, problems)
  }

  async function callInTurn(): Promise<void> {
    while (threadtap.isUp() && failed < failuresMax) {
      const one = plan.nextCase()
      if (one === undefined) return
      await callAndJudge(one)
    }
  }

  await Promise.all(Array.from({ length: atOnce }, callInTurn))
  const ledger = await settledLedger(threadtap)
  await pause(plan.settleMs)
  const reached = await upstream.count()
  clearInterval(sampling)
  if (threadtap.isUp()) memory.sample()
  const wasUp = threadtap.isUp()
  const code = await threadtap.stop()
  upstream.stop()
  return {
    cases: tally.cases(),
    failed,
    reached,
    expected: tally.bounds(reached),
    ledger,
    memory: memory.summary(),
    problems: [
      ...(wasUp ? [] : ['the process is gone']),
      ...(code === 0 ? [] : [`the process ended with ${code}`]),
      ...(ledger === undefined ? ['the records did not all arrive'] : tally.compare(ledger, reached)),
      ...threadtap.complaints.slice(0, 20).map((line) => `it complained: ${line}`),
    ],
  }
}

const arrivalTries = 300

/** @returns the ledger once nothing is on its way any more; undefined where that takes too long */
async function settledLedger(threadtap: ThreadtapProcess): Promise<LedgerResponse | undefined> {
  let before: LedgerResponse | undefined
  for (let left = arrivalTries; left > 0 && threadtap.isUp(); left--) {
    await pause(400)
    const ledger = await threadtap.ledger()
    const isQuiet = ledger.spooled === 0 && ledger.queued === 0
    if (isQuiet && ledger.accepted === before?.accepted) return ledger
    before = ledger
  }
  return undefined
}
