import type { LedgerResponse } from '../../../shared/admin/ledger-response.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { type FakeLangfuse, startFakeLangfuse } from '../../../shared/testing/fake-langfuse/fake-langfuse.ts'
import { langfuseEnv } from '../../../shared/testing/fake-langfuse/langfuse-env.ts'
import { createRandom } from '../../random/random.ts'
import { findMismatches } from '../check.ts'
import type { CallReport } from '../make-call.ts'
import { planCalls } from '../plan.ts'
import type { Mismatch } from '../sink-record.ts'
import { type Callers, callAll } from './callers.ts'
import { type IsolationModel, startModel } from './fake-model.ts'
import { readSink } from './read-sink.ts'
import { hasContextStore, register } from './register.ts'
import { type Carrier, startThreadtap } from './threadtap.ts'

export type Level = {
  readonly calls: number
  readonly carrier: Carrier
  readonly sink: 'otlp' | 'ingestion'
  readonly callers: Callers
  /** Equal seeds plan equal calls. */
  readonly seed: number
}

export type LevelResult = {
  readonly maxConcurrent: number
  readonly outcomes: Readonly<Record<CallReport['outcome'], number>>
  /** Calls with nothing but a registered thread id; absent without a context store. */
  readonly registered?: number
  readonly ledger: LedgerResponse
  readonly records: number
  readonly mismatches: readonly Mismatch[]
}

/** Runs one level through its own processes, from the first call to the last record at the sink. */
export async function runLevel(level: Level): Promise<LevelResult> {
  const langfuse = await startFakeLangfuse(level.sink === 'otlp' ? 'v4' : 'v2')
  const model = await startModel()
  try {
    return await runWith(model, langfuse, level)
  } finally {
    await langfuse.close()
    await model.upstream[Symbol.asyncDispose]()
  }
}

async function runWith(model: IsolationModel, langfuse: FakeLangfuse, level: Level): Promise<LevelResult> {
  const threadtap = await startThreadtap(level.carrier, {
    UPSTREAM_BASE_URL: `${model.upstream.origin}/v1`,
    // Every call alike: what is learned from the first would spare the others the cutting.
    INJECT_USAGE: 'always',
    ...langfuseEnv(langfuse),
    // The fakes and some callers share one busy process.
    LANGFUSE_TIMEOUT: '30',
  })
  const canRegister = await hasContextStore(threadtap.baseUrl)
  const plans = planCalls(level.calls, createRandom(level.seed), canRegister)
  const registered = plans.filter(({ source }) => source === 'registered')
  for (const { attribution } of registered) await register(threadtap.baseUrl, attribution)

  model.expect(plans)
  const reports = await callAll(level.callers, { baseUrl: threadtap.baseUrl, plans })
  const ledger = await threadtap.settled(model.received.length)
  await threadtap.stop()
  const records = readSink(langfuse, level.sink)
  return {
    maxConcurrent: model.maxConcurrent(),
    outcomes: countOutcomes(reports),
    ...omitUndefined({ registered: canRegister ? registered.length : undefined }),
    ledger,
    records: records.filter(({ type }) => type !== 'SPAN' && type !== 'AGENT').length,
    mismatches: findMismatches({ plans, reports, received: model.received, records }),
  }
}

function countOutcomes(reports: readonly CallReport[]): LevelResult['outcomes'] {
  const count = (kind: CallReport['outcome']) => reports.filter(({ outcome }) => outcome === kind).length
  return {
    completed: count('completed'),
    truncated: count('truncated'),
    aborted: count('aborted'),
    rejected: count('rejected'),
  }
}
