import { titles } from '../subjects/subject.ts'
import { escaped } from './escape.ts'
import { type LoadResult, parts } from './summary.ts'

const [left, plotWidth, plotHeight, keyWidth, top] = [76, 360, 220, 290, 24] as const
const colors = [
  '#718096',
  '#2b6cb0',
  '#38a169',
  '#d69e2e',
  '#c53030',
  '#805ad5',
  '#319795',
  '#dd6b20',
  '#b83280',
  '#1a202c',
]

/** How long calls or frames took, at each quantile; both axes so that the tail can be read. */
export function latencyLines({ scenario, rows }: LoadResult): string {
  const values = rows.flatMap(({ latency }) => latency).filter((ms) => ms > 0)
  if (values.length === 0) return ''
  const decades = decadesAround(Math.min(...values), Math.max(...values))
  const y = (ms: number): number => top + plotHeight * (1 - share(ms, decades))
  const x = (at: number): number => left + (plotWidth * at) / (parts.length - 1)
  const grid = decades.map(
    (ms) =>
      `<line x1="${left}" x2="${left + plotWidth}" y1="${y(ms).toFixed(1)}" y2="${y(ms).toFixed(1)}" stroke="#ddd"/><text x="${left - 6}" y="${(y(ms) + 4).toFixed(1)}" text-anchor="end">${ms} ms</text>`,
  )
  const names = parts.map(
    (part, at) =>
      `<text x="${x(at).toFixed(1)}" y="${top + plotHeight + 16}" text-anchor="middle">p${part * 100}</text>`,
  )
  const lines = rows.map(({ subject, latency }, at) => {
    const color = colors[at % colors.length]
    const points = latency.map((ms, part) => `${x(part).toFixed(1)},${y(ms).toFixed(1)}`).join(' ')
    const keyY = top + 10 + at * 18
    return `<polyline points="${points}" fill="none" stroke="${color}" stroke-width="2"/><rect x="${left + plotWidth + 20}" y="${keyY - 9}" width="10" height="10" fill="${color}"/><text x="${left + plotWidth + 35}" y="${keyY}">${escaped(titles[subject])}</text>`
  })
  const title = `<text y="12" font-weight="bold">${escaped(scenario.unit === 'call' ? 'Response time' : 'Age of frames')}</text>`
  return `<svg width="${left + plotWidth + 20 + keyWidth}" height="${top + plotHeight + 26}" role="img">${title}${grid.join('')}${names.join('')}${lines.join('')}</svg>`
}

/** Powers of ten, from the one below the least to the one above the most. */
export function decadesAround(least: number, most: number): readonly number[] {
  const first = Math.floor(Math.log10(least))
  const last = Math.max(first + 1, Math.ceil(Math.log10(most)))
  return Array.from({ length: last - first + 1 }, (_, at) => Number(`1e${first + at}`))
}

/** Where a value is between the first and the last decade, 0 to 1, on a logarithmic scale. */
function share(ms: number, decades: readonly number[]): number {
  const [low, high] = [Math.log10(decades[0] ?? 1), Math.log10(decades.at(-1) ?? 10)]
  return Math.min(1, Math.max(0, (Math.log10(Math.max(ms, 1e-9)) - low) / (high - low)))
}
