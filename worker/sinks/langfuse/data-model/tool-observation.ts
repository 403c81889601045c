import type { Json, JsonObject } from '../../../../shared/json.ts'
import { omitUndefined } from '../../../../shared/omit-undefined.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import type { ToolSpan } from '../../../../shared/record/run.ts'
import { fitContent } from '../length/fit-content.ts'
import type { Level } from './level.ts'
import type { LangfuseSettings } from './trace.ts'

/** A tool in Langfuse's terms, the same over both of its protocols. */
export type ToolObservation = {
  readonly id: string
  readonly parentSpanId: string | undefined
  readonly name: string
  readonly level: Level
  readonly statusMessage: string | undefined
  readonly input: Json | undefined
  readonly output: Json | undefined
  readonly startedAt: number
  readonly endedAt: number
  readonly metadata: JsonObject
}

/** @returns the tools that ended with a call; none with spans off */
export function toolObservationsOf(
  { toolSpans = [], trace }: InferenceRecord,
  { spans, maxCharacters }: LangfuseSettings,
): readonly ToolObservation[] {
  return spans ? toolSpans.map((span) => toolObservation(span, trace.parentSpanId, maxCharacters)) : []
}

function toolObservation(
  span: ToolSpan,
  callersSpanId: string | undefined,
  maxCharacters: number,
): ToolObservation {
  const { input, output } = fitContent(span.arguments, span.result, maxCharacters)
  return {
    id: span.spanId,
    parentSpanId: span.parentSpanId ?? callersSpanId,
    name: span.name ?? 'tool',
    level: span.isError === true ? 'ERROR' : 'DEFAULT',
    statusMessage: span.isError === true ? 'the tool returned an error' : undefined,
    input: input?.value,
    output: output?.value,
    startedAt: span.startedAt,
    endedAt: span.endedAt,
    metadata: omitUndefined({
      // Of what the client did nobody has told: it is what lies between two of its calls.
      inferred: span.byProvider === true ? undefined : true,
      run_by_provider: span.byProvider,
      tool_call_id: span.callId,
      asked_by_call: span.askedBy,
    }),
  }
}
