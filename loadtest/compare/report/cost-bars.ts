import { titles } from '../subjects/subject.ts'
import { escaped } from './escape.ts'
import type { LoadResult, RampResult } from './summary.ts'

type Bar = {
  readonly name: string
  /** One after the other along the bar. */
  readonly segments: readonly { readonly value: number; readonly color: string }[]
  readonly label: string
}

const [loop, threads, behind] = ['#2b6cb0', '#90cdf4', '#d69e2e'] as const

/** CPU time per unit: the relay's loop, the other threads of its process, the processes behind it. */
export function costBars({ scenario, rows }: LoadResult): string {
  const bars = rows
    .filter(({ all }) => all.micros > 0)
    .map((row) => ({
      name: titles[row.subject],
      segments: [
        { value: row.loop.micros, color: loop },
        { value: Math.max(0, row.relay.micros - row.loop.micros), color: threads },
        { value: row.behind.micros, color: behind },
      ],
      label: `${row.all.micros.toFixed(0)} µs${row.all.ratio === undefined ? '' : ` = ${row.all.ratio.toFixed(2)} × bare`}`,
    }))
  const key = [
    ['relay’s loop', loop],
    ['other threads', threads],
    ['worker and Redis', behind],
  ] as const
  return barChart(`CPU per ${scenario.unit}`, bars, key)
}

/** Calls a second that each takes. */
export function rateBars({ rows }: RampResult): string {
  const bars = rows.map(({ subject, perSecond, ratio }) => ({
    name: titles[subject],
    segments: [{ value: perSecond, color: loop }],
    label: `${perSecond.toFixed(0)}/s${ratio === undefined ? '' : ` = ${ratio.toFixed(2)} × bare`}`,
  }))
  return barChart('Calls a second', bars, [])
}

const [nameWidth, barWidth, labelWidth, lineHeight, top] = [290, 320, 150, 22, 44] as const

function barChart(title: string, bars: readonly Bar[], key: readonly (readonly [string, string])[]): string {
  const lengthOf = ({ segments }: Bar): number => segments.reduce((total, { value }) => total + value, 0)
  const scale = barWidth / Math.max(1e-9, ...bars.map(lengthOf))
  const keyText = key.map(
    ([text, color], at) =>
      `<rect x="${at * 130}" y="22" width="10" height="10" fill="${color}"/><text x="${at * 130 + 14}" y="31">${escaped(text)}</text>`,
  )
  const lines = bars.map((bar, at) => barSvg(bar, top + at * lineHeight, scale, lengthOf(bar)))
  const [width, height] = [nameWidth + barWidth + labelWidth, top + bars.length * lineHeight + 4]
  return `<svg width="${width}" height="${height}" role="img"><text y="12" font-weight="bold">${escaped(title)}</text>${keyText.join('')}${lines.join('')}</svg>`
}

function barSvg({ name, segments, label }: Bar, y: number, scale: number, length: number): string {
  let x: number = nameWidth
  const rects = segments.map(({ value, color }) => {
    const rect = `<rect x="${x.toFixed(1)}" y="${y}" width="${(value * scale).toFixed(1)}" height="15" fill="${color}"/>`
    x += value * scale
    return rect
  })
  return `<text y="${y + 12}">${escaped(name)}</text>${rects.join('')}<text x="${(nameWidth + length * scale + 6).toFixed(1)}" y="${y + 12}">${escaped(label)}</text>`
}
