import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard'
import { type Box, drawPanel } from './panel.ts'
import { escapeXml, text } from './svg.ts'

/** Pixels of Grafana's grid of 24 columns. */
const columnWidth = 40
const gridHeight = 22
const gap = 6
const head = 44

/**
 * A picture of a dashboard's first rows, of what its JSON says: titles, places, legends and units are the dashboard's,
 * curves and numbers are made up.
 */
export function drawDashboard({ title = '', panels = [] }: Dashboard, rows: number): string {
  const shown = firstRows(panels, rows)
  const height = head + gridHeight * Math.max(...shown.map(bottomOf)) + gap
  const width = 24 * columnWidth + gap
  const variables =
    '<tspan fill="#8e8e8e">Namespace</tspan> All   <tspan fill="#8e8e8e">Upstream</tspan> All   <tspan fill="#8e8e8e">Model</tspan> All'
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="Inter, Helvetica, Arial, sans-serif" xml:space="preserve">`,
    `<title>Grafana dashboard “${escapeXml(title)}” (drawn, with made-up numbers)</title>`,
    `<rect width="${width}" height="${height}" fill="#111217"/>`,
    text(12, 28, escapeXml(title), { size: 17, fill: '#f7f8fa', weight: 600 }),
    text(width - 14, 28, variables, { size: 12, fill: '#d8d9da', anchor: 'end' }),
    ...shown.map((panel) => drawn(panel)),
    '</svg>',
    '',
  ].join('\n')
}

function drawn(panel: Panel | RowPanel): string {
  const box = boxOf(panel)
  if (isRow(panel))
    return text(box.x + 4, box.y + 15, `▾ ${panel.title ?? ''}`, { size: 13, fill: '#d8d9da' })
  return drawPanel(panel, box)
}

function firstRows(panels: readonly (Panel | RowPanel)[], rows: number): readonly (Panel | RowPanel)[] {
  const starts = panels.flatMap((panel, index) => (isRow(panel) ? [index] : []))
  return panels.slice(0, starts[rows] ?? panels.length)
}

const isRow = (panel: Panel | RowPanel): panel is RowPanel => panel.type === 'row'

const bottomOf = ({ gridPos }: Panel | RowPanel): number => (gridPos?.y ?? 0) + (gridPos?.h ?? 0)

function boxOf({ gridPos }: Panel | RowPanel): Box {
  const { x = 0, y = 0, w = 24, h = 1 } = gridPos ?? {}
  return {
    x: gap + x * columnWidth,
    y: head + y * gridHeight,
    w: w * columnWidth - gap,
    h: h * gridHeight - gap,
  }
}
