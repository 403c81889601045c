import { changeTable, loadTables, rampTable, remarks, type Table } from './cells.ts'
import { costBars, rateBars } from './cost-bars.ts'
import { escaped } from './escape.ts'
import type { Results } from './goals.ts'
import { goalsTable } from './goals-table.ts'
import { latencyLines } from './latency-lines.ts'
import { offAgainstOn } from './off-against-on.ts'
import type { LoadResult, RampResult } from './summary.ts'
import { isLoad } from './text.ts'

/** One page that needs nothing else: no script, no font, no picture from elsewhere. */
export function htmlReport(results: Results, about: Readonly<Record<string, string>>): string {
  const facts = Object.entries(about).map(([name, value]) => [name, value])
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Relays side by side</title><style>${style}</style></head><body>
<h1>Relays side by side</h1>
<p>Ratios to the bare Node relay of the same round are what counts; absolute values belong to this machine.</p>
${tableHtml({ head: ['Run', ''], rows: facts })}
<h2>Goals</h2>
${tableHtml(goalsTable(results))}
${results.map(section).join('\n')}
</body></html>
`
}

function section(result: LoadResult | RampResult): string {
  const { title, name } = result.scenario
  return `<h2 id="${escaped(name)}">${escaped(title)}</h2>\n${isLoad(result) ? loadSection(result) : rampSection(result)}`
}

function loadSection(result: LoadResult): string {
  const changes = result.scenario.showsOffAgainstOn === true ? offAgainstOn(result) : []
  return [
    `<div class="plots">${costBars(result)}${latencyLines(result)}</div>`,
    ...loadTables(result).map(tableHtml),
    ...(changes.length > 0 ? [tableHtml(changeTable(changes))] : []),
    ...remarks(result).map((remark) => `<p>${escaped(remark)}</p>`),
  ].join('\n')
}

const rampSection = (result: RampResult): string =>
  `<div class="plots">${rateBars(result)}</div>\n${tableHtml(rampTable(result))}`

function tableHtml({ head, rows }: Table): string {
  const row = (cells: readonly string[], tag: 'th' | 'td'): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`
  return `<table>${row(head, 'th')}${rows.map((cells) => row(cells, 'td')).join('')}</table>`
}

const style = `
body { font: 14px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 110em; padding: 0 1em; color: #222 }
table { border-collapse: collapse; margin: 1em 0; font-size: 12px }
th, td { padding: 2px 8px; border-bottom: 1px solid #ddd; text-align: right; white-space: nowrap }
th:first-child, td:first-child { text-align: left }
.plots { display: flex; flex-wrap: wrap; gap: 2em }
svg text { font: 11px system-ui, sans-serif; fill: #222 }
`
