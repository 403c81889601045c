import { agentMismatches, callerSpan, differences, recordMismatches } from './check-record.ts'
import { callIdMismatches, reportMismatches } from './check-report.ts'
import type { CallReport } from './make-call.ts'
import type { CallPlan } from './plan.ts'
import type { Mismatch, SinkRecord } from './sink-record.ts'

/** What is known after a level. */
export type Outcome = {
  readonly plans: readonly CallPlan[]
  readonly reports: readonly CallReport[]
  /** The words that the model received, duplicates included. */
  readonly received: readonly string[]
  /** All records at the sink. */
  readonly records: readonly SinkRecord[]
}

/**
 * Compares every record with its caller and every caller with its response, and counts both.
 * @returns each mismatch with its evidence; none when no calls were mixed up or lost
 */
export function findMismatches({ plans, reports, received, records }: Outcome): readonly Mismatch[] {
  const recordsByWord = groupBy(
    records.filter((record) => !isAgent(record)),
    wordIn,
  )
  const agentsByName = groupBy(records.filter(isAgent), ({ name }) => name ?? '')
  const reportsByWord = groupBy(reports, ({ word }) => word)
  const receivedByWord = groupBy(received, (word) => word)

  const found = plans.flatMap((plan) => {
    const { word, attribution } = plan
    const own = recordsByWord.get(word) ?? []
    const agents = agentsByName.get(`agent_${attribution.agentKey}`) ?? []
    const evidence = { plan, report: reportsByWord.get(word), records: own, agents }
    const wrong = [
      ...countMismatches(plan, receivedByWord.get(word)?.length ?? 0, own.length, agents.length),
      ...own.flatMap((record) => recordMismatches(plan, record)),
      ...own.flatMap((record) => parentMismatches(plan, record, agents)),
      ...(reportsByWord.get(word) ?? []).flatMap((report) => [
        ...reportMismatches(plan, report),
        ...own.flatMap((record) => callIdMismatches(report, record)),
      ]),
    ]
    return wrong.map((problem) => ({ word, problem, evidence }))
  })
  return [...found, ...unmatchedRecords(plans, records)]
}

/** One record per call that reached the model; a call that never did may or may not have a record. */
function countMismatches(
  plan: CallPlan,
  received: number,
  records: number,
  agents: number,
): readonly string[] {
  const abortsEarly = plan.scenario.kind === 'client_aborts_before_response'
  const expected = received === 0 && abortsEarly ? Math.min(records, 1) : 1
  const expectedAgents = plan.attribution.agentKey === undefined ? 0 : expected
  return differences({
    'requests received': [received, abortsEarly ? Math.min(received, 1) : 1],
    'number of records': [records, expected],
    'number of agents': [agents, expectedAgents],
  })
}

function parentMismatches(
  plan: CallPlan,
  record: SinkRecord,
  agents: readonly SinkRecord[],
): readonly string[] {
  if (plan.attribution.agentKey === undefined)
    return differences({ parent: [record.parentId, callerSpan(plan)] })
  return agents.flatMap((agent) => agentMismatches(plan, record, agent))
}

/** Records at the sink that belong to no planned call. */
function unmatchedRecords(plans: readonly CallPlan[], records: readonly SinkRecord[]): readonly Mismatch[] {
  const known = new Set(plans.flatMap(({ word, attribution }) => [word, `agent_${attribution.agentKey}`]))
  return records
    .filter((record) => !known.has(isAgent(record) ? (record.name ?? '') : wordIn(record)))
    .map((record) => ({ word: wordIn(record), problem: 'it belongs to no call', evidence: record }))
}

/** Over ingestion it is a span: the servers that need it know no agents. */
const isAgent = ({ type }: SinkRecord): boolean => type === 'AGENT' || type === 'SPAN'

const wordIn = ({ input }: SinkRecord): string =>
  /word-[0-9a-f]{8}/.exec(JSON.stringify(input))?.[0] ?? 'no word'

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}
