import { textTable } from '../compare/report/text-table.ts'
import type { Score } from './score.ts'

/** Links and their precision and recall, as a table of text. */
export function reportText(title: string, { calls, total, byKind, byApi, tools }: Score): string {
  const head = ['', 'to be linked', 'linked right', 'recall', 'links', 'wrong', 'precision']
  const none = ['', '', '']
  const rows = [
    [
      'all',
      String(total.expected),
      String(total.found),
      percent(total.found, total.expected),
      ...countCells(total),
    ],
    ...[...byApi].map(([api, counts]) => [
      `  ${api}`,
      String(counts.expected),
      String(counts.found),
      percent(counts.found, counts.expected),
      ...countCells(counts),
    ]),
    ...[...byKind].map(([kind, counts]) => [`  by ${kind}`, ...none, ...countCells(counts)]),
  ]
  const exact = `tools with exact name, arguments and result: ${tools.exact} of ${tools.expected}`
  return `${title}, ${calls} calls\n${textTable({ head, rows })}${exact}\n`
}

const countCells = ({
  links,
  wrong,
}: {
  readonly links: number
  readonly wrong: number
}): readonly string[] => [String(links), String(wrong), percent(links - wrong, links)]

const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`
