import type { InferenceRecord } from '../../../../shared/record/record.ts'
import { inputOf } from '../data-model/input.ts'
import { outputOf } from '../data-model/output.ts'
import { usageDetails } from '../data-model/usage.ts'

/** What an observation must show of a record that was delivered: little, since many wait to be read. */
export type Expected = {
  /** Of the observation. */
  readonly id: string
  readonly traceId: string
  /** ms since 1970 */
  readonly startedAt: number
  readonly hasInput: boolean
  readonly hasOutput: boolean
  /** Absent where no usage was sent. */
  readonly totalTokens: number | undefined
}

/** An observation as any version of the read API shows it; fields that a server leaves out are absent. */
export type ReadObservation = {
  readonly id?: unknown
  readonly startTime?: unknown
  readonly input?: unknown
  readonly output?: unknown
  /** Version 4. */
  readonly totalUsage?: unknown
  /** Versions 2 and 3. */
  readonly totalTokens?: unknown
}

export function expectedOf(record: InferenceRecord): Expected {
  return {
    id: record.trace.spanId,
    traceId: record.trace.traceId,
    startedAt: Math.round(record.times.startedAt),
    hasInput: inputOf(record) !== undefined,
    hasOutput: outputOf(record) !== undefined,
    totalTokens: usageDetails(record)?.total,
  }
}

export type DifferentField = 'start' | 'input' | 'output' | 'usage'

/** @returns the fields in which what can be read is not what was sent */
export function differencesOf(expected: Expected, read: ReadObservation): readonly DifferentField[] {
  const total = read.totalUsage ?? read.totalTokens
  const differs: Readonly<Record<DifferentField, boolean>> = {
    // Servers keep times by the ms; what is between two may be rounded either way.
    start: Math.abs(Date.parse(String(read.startTime)) - expected.startedAt) > 1,
    input: expected.hasInput && isEmpty(read.input),
    output: expected.hasOutput && isEmpty(read.output),
    usage: expected.totalTokens !== undefined && expected.totalTokens !== total,
  }
  return (Object.keys(differs) as DifferentField[]).filter((field) => differs[field])
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ''
