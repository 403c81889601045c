import type { Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard'
import { describe, expect, test } from 'vitest'
import { dashboards, llmDashboard } from './dashboards.ts'

type Target = { readonly expr?: string; readonly legendFormat?: string }

const isPanel = (panel: Panel | RowPanel): panel is Panel => panel.type !== 'row'

describe.each(Object.entries(dashboards))('%s', (_, dashboard) => {
  const all = dashboard.panels ?? []
  const panels = all.filter(isPanel)

  test('every panel says what it shows, in which unit, and what it is when there is nothing', () => {
    for (const { title, description, fieldConfig } of panels) {
      const { unit, noValue, thresholds } = fieldConfig?.defaults ?? {}
      expect({ title, description, unit, noValue, thresholds }).toEqual({
        title: expect.stringMatching(/./),
        description: expect.stringMatching(/\.$/),
        unit: expect.stringMatching(/./),
        noValue: expect.stringMatching(/./),
        thresholds: expect.objectContaining({ mode: 'absolute' }),
      })
    }
  })

  test('every query has a legend, and one of its own where there are several', () => {
    for (const { title, targets = [] } of panels) {
      const legends = (targets as readonly Target[]).map(({ legendFormat }) => legendFormat)
      expect(legends, title).not.toContain('')
      expect(new Set(legends).size, title).toBe(targets.length)
    }
  })

  test('a legend names only labels that its query keeps', () => {
    for (const { title, targets = [] } of panels) {
      for (const { expr = '', legendFormat = '' } of targets as readonly Target[]) {
        const kept = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(', '))
        const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label)
        expect(
          named.filter((label) => !kept.includes(label ?? '')),
          title,
        ).toEqual([])
      }
    }
  })

  test('panels have ids of their own, and lie beside each other within the 24 columns', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    const cells = new Set<string>()
    for (const { gridPos, title } of all) {
      const { x = 0, y = 0, w = 0, h = 0 } = gridPos ?? {}
      expect(x + w, title).toBeLessThanOrEqual(24)
      for (let column = x; column < x + w; column++)
        for (let row = y; row < y + h; row++) {
          expect(cells, title).not.toContain(`${column},${row}`)
          cells.add(`${column},${row}`)
        }
    }
  })
})

test('calls can be narrowed by namespace, upstream and model', () => {
  const names = (llmDashboard.templating?.list ?? []).map(({ name }) => name)
  expect(names).toEqual(['datasource', 'namespace', 'upstream', 'model'])
  const all = (llmDashboard.panels ?? []).filter(isPanel).flatMap(({ targets = [] }) => targets as Target[])
  expect(all.filter(({ expr = '' }) => !expr.includes('namespace=~"$namespace"'))).toEqual([])
  const narrowed = (variable: string) =>
    all.filter(({ expr = '' }) => expr.includes(`=~"$${variable}"`)).length
  expect(narrowed('upstream')).toBeGreaterThan(30)
  expect(narrowed('model')).toBeGreaterThan(25)
})
