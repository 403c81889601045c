import type { Cost } from '../../shared/pricing/cost-of.ts'
import { paintOf, type Screen } from './screen.ts'

/**
 * Explains the `~` before a cost. Only at a terminal: other programs read lines, and find the date in --json.
 * @returns a line, or nothing
 */
export function priceNote(costs: readonly (Cost | undefined)[], screen: Screen): string {
  const dates = costs.flatMap((cost) => (cost?.source === 'price_list' ? [cost.date] : []))
  if (dates.length === 0 || screen.width === Number.POSITIVE_INFINITY) return ''
  const text = `~ by list prices of ${[...new Set(dates)].sort().join(', ')}; PRICES_FILE replaces them`
  return `${paintOf(screen)('dim', text)}\n`
}
