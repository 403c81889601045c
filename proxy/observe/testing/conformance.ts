import { isDeepStrictEqual } from 'node:util'
import type { InferenceRecord } from '../../../shared/record/record.ts'
import type { CorpusCase } from '../../../shared/testing/corpus.ts'
import { comparableFields } from './comparable-fields.ts'
import { expectedFields, openFields } from './expected-fields.ts'

/** `ambiguous`: all compared fields match, but the corpus or our exceptions leave some fields open. */
export type Verdict = 'exact' | 'ambiguous' | 'wrong'

/** Compares the record of a case with what the corpus expects. */
export function verdictOf(one: CorpusCase, record: InferenceRecord): Verdict {
  const actual = comparableFields(record)
  const expected = Object.entries(expectedFields(one))
  if (!expected.every(([field, value]) => isDeepStrictEqual(actual[field], value))) return 'wrong'
  return openFields(one).length > 0 ? 'ambiguous' : 'exact'
}

/** @returns a line per dialect and one for all: exchanges, exact, ambiguous, wrong */
export function conformanceTable(verdicts: readonly (readonly [CorpusCase, Verdict])[]): string {
  const dialects = [...new Set(verdicts.map(([{ meta }]) => meta.dialect))].sort()
  const line = (name: string, ofDialect: readonly Verdict[]) => {
    const count = (verdict: Verdict) => ofDialect.filter((one) => one === verdict).length
    return row(name, ofDialect.length, count('exact'), count('ambiguous'), count('wrong'))
  }
  return [
    row('dialect', 'exchanges', 'exact', 'ambiguous', 'wrong'),
    ...dialects.map((dialect) =>
      line(
        dialect,
        verdicts.flatMap(([{ meta }, verdict]) => (meta.dialect === dialect ? [verdict] : [])),
      ),
    ),
    line(
      'all',
      verdicts.map(([, verdict]) => verdict),
    ),
  ].join('\n')
}

const row = (name: string, ...columns: readonly (string | number)[]): string =>
  name.padEnd(20) + columns.map((column) => String(column).padStart(11)).join('')
