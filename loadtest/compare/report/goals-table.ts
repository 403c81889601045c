import { type SubjectName, titles } from '../subjects/subject.ts'
import type { Table } from './cells.ts'
import { type Goal, goals, type Results } from './goals.ts'

/** What the goals are for: everything that records in full. */
const judged: readonly SubjectName[] = ['proxy', 'start', 'langfuse-fast']

export const goalsTable = (results: Results): Table => ({
  head: ['Goal', 'limit', ...judged.map((subject) => titles[subject])],
  rows: goals.map((goal) => [
    goal.what,
    limitOf(goal),
    ...judged.map((subject) => verdict(goal, goal.measured(results, subject))),
  ]),
})

function limitOf({ limit, unit, moonshot, moreIsBetter = false }: Goal): string {
  const text = `${moreIsBetter ? '≥' : '≤'} ${limit} ${unit}`
  return moonshot === undefined ? text : `${text} (moonshot ${moonshot})`
}

/** `1.62 ×, missed by 0.12`. */
export function verdict({ unit, limit, moreIsBetter = false }: Goal, measured: number | undefined): string {
  if (measured === undefined || !Number.isFinite(measured)) return 'not measured'
  const over = moreIsBetter ? limit - measured : measured - limit
  return `${measured.toFixed(2)} ${unit}, ${over <= 0 ? 'met' : `missed by ${over.toFixed(2)}`}`
}
