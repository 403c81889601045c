import { expect, test } from 'vitest'
import { answerText, recordedText } from '../../proxy/observe/testing/answer-text.ts'
import { type Observed, observedCorpus, observedReports } from '../../proxy/observe/testing/observed.ts'
import { reportedTotal } from '../../proxy/observe/testing/reported-usage.ts'
import { corpusMissing } from '../../shared/testing/corpus.ts'
import { foldersWithoutAnswer, reportedMissing } from '../../shared/testing/reported.ts'
import { plainUsage, usageDetails } from '../../worker/sinks/langfuse/data-model/usage.ts'

// Every recorded answer, read twice: by the folds, and by a few lines that know nothing of them. `npm run conformance`
// prints how many were compared.

const missing = [corpusMissing, reportedMissing].filter((one) => one !== undefined)
for (const one of missing) {
  test.skip(one, () => {})
  // A filter by title would hide it.
  process.stdout.write(`\n${one}\n`)
}

type Comparison = { readonly one: Observed; readonly expected: unknown; readonly actual: unknown }

/** Plain and streamed answers that say something, and are recorded as text. */
const comparedTexts = (all: readonly Observed[]): readonly Comparison[] =>
  all.flatMap((one) => {
    const actual = recordedText(one.record.output)
    return actual === undefined ? [] : [{ one, expected: answerText(one.body), actual }]
  })

/** What Langfuse charges, and every other sink counts: the provider's total, and no more in all parts together. */
const comparedTotals = (all: readonly Observed[]): readonly Comparison[] =>
  all.flatMap((one) => {
    const { record, body } = one
    const expected = reportedTotal(body, record.response.model)
    if (expected === 0 && record.usage.provenance !== 'provider') return []
    const { total, ...parts } = usageDetails(record) ?? {}
    const sum = Object.values(parts).reduce((all, part) => all + part, 0)
    const actual = { total, plain: plainUsage(record)?.total, isWithin: sum <= expected }
    return [{ one, expected: { total: expected, plain: expected, isWithin: true }, actual }]
  })

test.skipIf(missing.length === 2)('texts and totals of no recorded answer of any dialect are wrong', () => {
  const all = [...observedCorpus(), ...observedReports()]
  const [texts, totals] = [comparedTexts(all), comparedTotals(all)]
  process.stdout.write(`\n${table(all, texts, totals)}\n`)
  const without = foldersWithoutAnswer()
  if (without.length > 0) process.stdout.write(`reported, but no answer to compare: ${without.join(', ')}\n`)
  const named = (comparisons: readonly Comparison[], side: 'expected' | 'actual') =>
    comparisons.map((comparison) => [comparison.one.name, comparison[side]])
  expect(named(texts, 'actual')).toEqual(named(texts, 'expected'))
  expect(named(totals, 'actual')).toEqual(named(totals, 'expected'))
  // An oracle that reads nothing would agree with folds that do.
  if (corpusMissing === undefined) {
    expect(texts.filter(({ expected }) => expected !== '').length).toBeGreaterThan(100)
    expect(totals.length).toBeGreaterThan(100)
  }
})

/** @returns a line per dialect: how many answers, and of these how many texts and totals were compared */
function table(
  all: readonly Observed[],
  texts: readonly Comparison[],
  totals: readonly Comparison[],
): string {
  const row = (name: string, columns: readonly (string | number)[]): string =>
    name.padEnd(20) + columns.map((column) => String(column).padStart(15)).join('')
  const line = (name: string, has: (group: string) => boolean): string => {
    const count = (comparisons: readonly Comparison[], isStream?: boolean) =>
      comparisons.filter(
        ({ one, expected }) =>
          has(one.group) && expected !== '' && (isStream === undefined || one.isStream === isStream),
      ).length
    const answers = all.filter(({ group }) => has(group)).length
    return row(name, [answers, count(texts, true), count(texts, false), count(totals)])
  }
  const groups = [...new Set(all.map(({ group }) => group))].sort()
  return [
    row('compared', ['answers', 'streamed texts', 'plain texts', 'totals at sinks']),
    ...groups.map((name) => line(name, (group) => group === name)),
    line('all', () => true),
  ].join('\n')
}
