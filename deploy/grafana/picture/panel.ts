import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { type MadeUp, madeUp } from './made-up.ts'
import { escapeXml, text } from './svg.ts'

export type Box = { readonly x: number; readonly y: number; readonly w: number; readonly h: number }

/** Grafana's classic palette. */
const colours = ['#7eb26d', '#eab839', '#6ed0e0', '#ef843c', '#e24d42', '#1f78c1']
const models = ['gpt-5.4-mini', 'claude-sonnet-4-5', 'text-embedding-3-small']

/** What a number of each unit looks like; a share of it is shown. */
const units: Readonly<Record<string, (share: number) => string>> = {
  s: (share) => `${(share * 2.4).toFixed(2)} s`,
  percentunit: (share) => `${(share * 20).toFixed(1)} %`,
  reqps: (share) => `${(share * 24).toFixed(1)} req/s`,
  'suffix: tok/s': (share) => `${Math.round(share * 900)} tok/s`,
  currencyUSD: (share) => `$${(share * 40).toFixed(2)}`,
  short: (share) => String(Math.round(share * 900)),
}

/** One panel as Grafana would lay it out, with made-up numbers. */
export function drawPanel(panel: Panel, box: Box): string {
  const { x, y, w, h } = box
  const frame = `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="3" fill="#181b1f" stroke="#2c3235"/>`
  const title = text(x + 8, y + 17, panel.title ?? '', { size: 12, fill: '#d8d9da', weight: 600 })
  const isTrouble = /error|slow|broken/i.test(panel.title ?? '')
  const numbers = madeUp(panel.title ?? '', isTrouble ? 0.15 : 1)
  const format = units[unitOf(panel)] ?? ((share) => share.toFixed(2))
  const content = panel.type === 'stat' ? drawStat : drawLines
  return `<g>${frame}${title}${content(legendsOf(panel), numbers, format, box)}</g>`
}

type Draw = (
  legends: readonly string[],
  numbers: MadeUp,
  format: (share: number) => string,
  box: Box,
) => string

const drawStat: Draw = (legends, numbers, format, { x, y, w, h }) =>
  legends
    .map((legend, index) => {
      const at = x + (w / legends.length) * (index + 0.5)
      const value = text(at, y + h / 2 + 16, format(numbers.value(index)), {
        size: legends.length > 1 ? 18 : 24,
        fill: '#73bf69',
        anchor: 'middle',
      })
      const label = text(at, y + h - 8, legend, { size: 10, fill: '#8e8e8e', anchor: 'middle' })
      return legends.length > 1 ? value + label : value
    })
    .join('')

const drawLines: Draw = (legends, numbers, format, { x, y, w, h }) => {
  const plot = { x: x + 56, y: y + 30, w: w - 66, h: h - 62 }
  const grid = [0, 0.5, 1].map((share) => {
    const at = plot.y + plot.h * (1 - share)
    const label = text(plot.x - 6, at + 3, format(share), { size: 9, fill: '#8e8e8e', anchor: 'end' })
    return `<path d="M${plot.x} ${at}h${plot.w}" stroke="#2c3235"/>${label}`
  })
  const lines = legends.map((_, index) => {
    const line = numbers.line(index)
    const path = line.map((share, at) => {
      const px = (plot.x + (plot.w * at) / (line.length - 1)).toFixed(1)
      return `${at === 0 ? 'M' : 'L'}${px} ${(plot.y + plot.h * (1 - share)).toFixed(1)}`
    })
    return `<path d="${path.join('')}" fill="none" stroke="${colourOf(index)}" stroke-width="1.2"/>`
  })
  let labelX = x + 8
  const labels = legends.map((legend, index) => {
    const mark = `<rect x="${labelX}" y="${y + h - 15}" width="10" height="3" fill="${colourOf(index)}"/>`
    const label = text(labelX + 14, y + h - 9, legend, { size: 10, fill: '#c7d0d9' })
    labelX += 26 + legend.length * 5.4
    return labelX > x + w + 12 ? '' : mark + label
  })
  return [...grid, ...lines, ...labels].join('')
}

const colourOf = (index: number): string => colours[index % colours.length] as string

function unitOf(panel: Panel): string {
  return panel.fieldConfig?.defaults?.unit ?? ''
}

/** As Grafana would fill the first query's legend in for a few models, and the others' as they are. */
function legendsOf({ targets = [] }: Panel): readonly string[] {
  const templates = (targets as readonly { readonly legendFormat?: string }[]).map(
    ({ legendFormat = '' }) => legendFormat,
  )
  const byModel = templates[0]?.includes('{{gen_ai_request_model}}') === true
  const legends = byModel
    ? models
        .slice(0, templates[0]?.includes('error_type') ? 1 : 3)
        .map((model) => filled(templates[0] ?? '', model))
    : templates.map((template) => filled(template, models[0] ?? ''))
  return legends.map(escapeXml)
}

const examples: Readonly<Record<string, string>> = {
  error_type: 'rate_limit_exceeded',
  upstream: 'default',
  ending: 'completed',
  status: '200',
  gen_ai_operation_name: 'embeddings',
}

const filled = (template: string, model: string): string =>
  template
    .replaceAll('{{gen_ai_request_model}}', model)
    .replace(/\{\{(\w+)\}\}/g, (_, label: string) => examples[label] ?? label)
