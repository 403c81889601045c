import { median } from '../overhead/quantile.ts'
import type { Goal, StartSubject } from './subjects.ts'

export type Measured = { readonly subject: StartSubject; readonly values: readonly number[] }

/** @returns rows of a table: median, lowest and highest, the ratio to the first one, and what became of the goal */
export function rowsOf(measured: readonly Measured[], unit: string): readonly (readonly string[])[] {
  const first = median([...(measured[0]?.values ?? [])])
  return measured.map(({ subject: { name, goal }, values }) => {
    const middle = median([...values])
    const ratio = middle / first
    const range = `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`
    return [
      name,
      `${middle.toFixed(1)} ${unit}`,
      range,
      `${ratio.toFixed(2)} x`,
      goal === undefined ? '' : verdict(goal, { x: ratio, MB: middle }[goal.unit]),
    ]
  })
}

const verdict = ({ atMost, unit }: Goal, value: number): string =>
  `${atMost} ${unit}: ${value <= atMost ? 'met' : 'missed'}`
