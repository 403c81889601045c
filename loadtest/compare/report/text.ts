import { changeTable, loadTables, rampTable, remarks, type Table, threadTable } from './cells.ts'
import { offAgainstOn } from './off-against-on.ts'
import type { LoadResult, RampResult } from './summary.ts'
import { textTable } from './text-table.ts'

/** One scenario for a terminal. */
export function textOf(result: LoadResult | RampResult, showsThreads: boolean): string {
  const { title, name } = result.scenario
  return `\n${title} (${name})\n${bodyOf(result, showsThreads)}`
}

function bodyOf(result: LoadResult | RampResult, showsThreads: boolean): string {
  if (!isLoad(result)) return textTable(rampTable(result))
  const changes = result.scenario.showsOffAgainstOn === true ? offAgainstOn(result) : []
  const tables: Table[] = [
    ...loadTables(result),
    ...(showsThreads ? [threadTable(result)] : []),
    ...(changes.length > 0 ? [changeTable(changes)] : []),
  ]
  return `${tables.map(textTable).join('\n')}${remarks(result).join('\n')}\n`
}

export const isLoad = (result: LoadResult | RampResult): result is LoadResult =>
  result.scenario.kind === 'load'
