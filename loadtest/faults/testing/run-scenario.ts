import { setTimeout as pause } from 'node:timers/promises'
import type { LedgerResponse } from '../../../shared/admin/ledger-response.ts'
import { type CallOutcome, createCalls, type Phase } from './calls.ts'
import { countAtSink, findProblems, type SinkCount } from './compare.ts'
import { type LedgerLooks, watchLedger } from './ledger-watch.ts'
import { whileProgressing } from './progress.ts'
import type { Run, Scenario, Size } from './scenario.ts'
import { readSink } from './sink.ts'
import { startWorld, type World, type WorldOptions } from './world.ts'

/** What one run showed. */
export type RunResult = {
  readonly outcomes: readonly CallOutcome[]
  readonly ledger: LedgerResponse
  readonly looks: LedgerLooks
  readonly sink: SinkCount
  readonly notes: readonly string[]
  /** Of the process that clients call. */
  readonly log: string
  readonly problems: readonly string[]
}

/** Every wait has a limit of its own, which says more; this is for what is none. */
const noProgressMs = 180_000

/**
 * @param isFaulty false runs the same without the fault, for what is compared with it
 * @throws Error that says in which step it came to no end, and how far it came
 */
export async function runScenario(scenario: Scenario, size: Size, isFaulty = true): Promise<RunResult> {
  const world = await startWorld(isFaulty ? scenario.world : withoutFault(scenario.world))
  let result: RunResult
  try {
    result = await runIn(world, scenario, size, isFaulty)
  } catch (cause) {
    // What hung once may hang again.
    await world.stop('SIGKILL').catch(() => undefined)
    throw cause
  }
  await world.stop()
  return result
}

async function runIn(world: World, scenario: Scenario, size: Size, isFaulty: boolean): Promise<RunResult> {
  const expects = isFaulty ? (scenario.expects ?? {}) : {}
  let [phase, step]: [Phase, string] = ['before', 'before the fault']
  const calls = createCalls(world.proxy.baseUrl, () => phase)
  const [notes, ownProblems] = [[] as string[], [] as string[]]
  const run: Run = {
    world,
    calls,
    note: (text) => void notes.push(text),
    check: (isTrue, problem) => void (isTrue || ownProblems.push(problem)),
  }
  const watch = watchLedger(world.proxy)

  async function steps(): Promise<RunResult> {
    await calls.make(size.before)
    ;[phase, step] = ['during', 'while the fault is made']
    if (isFaulty) await scenario.inject(run)
    step = 'while the fault lasts'
    await calls.make(size.during)
    step = 'while the fault is ended'
    if (isFaulty) await scenario.heal?.(run)
    ;[phase, step] = ['after', 'after the fault']
    await calls.make(size.after)
    const answered = calls.outcomes.filter(({ reached }) => reached).length
    const ledger = await settled(world, answered, expects.patienceMs ?? 20_000)
    const sink = await readSink(world, scenario.world.langfuse === 'none')
    step = 'while what it did is looked at'
    if (isFaulty) await scenario.verify?.(run)
    const looks = await watch.stop()
    const seen = { outcomes: calls.outcomes, looks, sink, ledger }
    return {
      outcomes: calls.outcomes,
      ledger,
      looks,
      sink: countAtSink(seen),
      notes,
      log: world.proxy.log(),
      problems: [...findProblems(seen, expects), ...ownProblems],
    }
  }

  const progress = (): string =>
    `${step}, ${calls.outcomes.length} calls made, ledger ${JSON.stringify(watch.last())}`
  try {
    return await whileProgressing(steps, progress, noProgressMs)
  } finally {
    void watch.stop()
    await calls.close()
  }
}

/** Without what is broken from the start. */
function withoutFault({ prepare, redis, ...options }: WorldOptions): WorldOptions {
  return { ...options, redis: { ...redis, downAtFirst: false } }
}

/** @returns the ledger once nothing waits, or as it is when nothing has changed for so long */
async function settled({ proxy }: World, minAccepted: number, patienceMs: number): Promise<LedgerResponse> {
  let [previous, changedAt] = ['', performance.now()]
  for (;;) {
    const ledger = await proxy.ledger()
    const { accepted, spooled, queued } = ledger
    const text = JSON.stringify(ledger)
    if (text !== previous) [previous, changedAt] = [text, performance.now()]
    const isQuiet = accepted >= minAccepted && spooled === 0 && queued === 0
    if (isQuiet || performance.now() - changedAt > patienceMs) return ledger
    await pause(50)
  }
}
