import { callerSpan, differences, wrongInAgent, wrongInRecord } from './check-record.ts'
import { wrongCallId, wrongInReport } from './check-report.ts'
import type { CallReport } from './make-call.ts'
import type { CallPlan } from './plan.ts'
import type { Mismatch, SinkRecord } from './sink-record.ts'

/** All that is known after a level. */
export type Outcome = {
  readonly plans: readonly CallPlan[]
  readonly reports: readonly CallReport[]
  /** The words that reached the model, as often as they did. */
  readonly asked: readonly string[]
  /** Everything at the sink. */
  readonly records: readonly SinkRecord[]
}

/**
 * Checks every record against its caller, every caller against its answer, and that there is one of each.
 * @returns each mismatch in full; none where no two calls were mixed and none was lost
 */
export function findMismatches({ plans, reports, asked, records }: Outcome): readonly Mismatch[] {
  const recordsByWord = groupBy(
    records.filter(({ type }) => type !== 'SPAN'),
    wordIn,
  )
  const agentsByName = groupBy(
    records.filter(({ type }) => type === 'SPAN'),
    ({ name }) => name ?? '',
  )
  const reportsByWord = groupBy(reports, ({ word }) => word)
  const askedByWord = groupBy(asked, (word) => word)

  const found = plans.flatMap((plan) => {
    const { word, whose } = plan
    const own = recordsByWord.get(word) ?? []
    const agents = agentsByName.get(`agent_${whose.agentKey}`) ?? []
    const evidence = { plan, report: reportsByWord.get(word), records: own, agents }
    const wrong = [
      ...wrongNumbers(plan, askedByWord.get(word)?.length ?? 0, own.length, agents.length),
      ...own.flatMap((record) => wrongInRecord(plan, record)),
      ...own.flatMap((record) => wrongParents(plan, record, agents)),
      ...(reportsByWord.get(word) ?? []).flatMap((report) => [
        ...wrongInReport(plan, report),
        ...own.flatMap((record) => wrongCallId(report, record)),
      ]),
    ]
    return wrong.map((what) => ({ word, what, evidence }))
  })
  return [...found, ...strays(plans, records)]
}

/** One record for each call that reached the model; one that never did may have left a record, or not. */
function wrongNumbers(plan: CallPlan, asked: number, records: number, agents: number): readonly string[] {
  const leavesEarly = plan.fate.kind === 'leaves_before_answer'
  const expected = asked === 0 && leavesEarly ? Math.min(records, 1) : 1
  const expectedAgents = plan.whose.agentKey === undefined ? 0 : expected
  return differences({
    'times asked': [asked, leavesEarly ? Math.min(asked, 1) : 1],
    'number of records': [records, expected],
    'number of agents': [agents, expectedAgents],
  })
}

function wrongParents(plan: CallPlan, record: SinkRecord, agents: readonly SinkRecord[]): readonly string[] {
  if (plan.whose.agentKey === undefined) return differences({ parent: [record.parentId, callerSpan(plan)] })
  return agents.flatMap((agent) => wrongInAgent(plan, record, agent))
}

/** What is at the sink and belongs to no call of ours. */
function strays(plans: readonly CallPlan[], records: readonly SinkRecord[]): readonly Mismatch[] {
  const known = new Set(plans.flatMap(({ word, whose }) => [word, `agent_${whose.agentKey}`]))
  return records
    .filter((record) => !known.has(record.type === 'SPAN' ? (record.name ?? '') : wordIn(record)))
    .map((record) => ({ word: wordIn(record), what: 'it belongs to no call', evidence: record }))
}

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
