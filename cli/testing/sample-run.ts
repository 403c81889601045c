import { sampleRecord } from '../../shared/admin/testing/sample-record.ts'
import type { Output } from '../../shared/record/output.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import type { Link, RunAgent, ToolSpan } from '../../shared/record/run.ts'

type Step = {
  /** ms after the run's start */
  readonly at: number
  readonly took: number
  readonly agent: RunAgent
  readonly link: Link
  readonly answer: string
  readonly toolSpans?: readonly ToolSpan[]
}

const traceId = `${'0'.repeat(24)}facade01`
const chosen = (content: string): Output => ({
  kind: 'choices',
  choices: [{ index: 0, role: 'assistant', content }],
})

/**
 * A planner that asks for the weather and for a researcher, who fails at first, and hands over to a writer.
 * @param startedAt of the run, ms since 1970
 */
export function sampleRun(startedAt: number): readonly InferenceRecord[] {
  const planner = { name: 'agent_trip_planner', spanId: 'a'.repeat(16), startedAt }
  const weather = tool('1', planner, [1_200, 1_900], 'get_weather', { day: 'today' }, 'sunny')
  const research = tool(
    '2',
    planner,
    [3_000, 6_500],
    'research',
    { task: 'Find the best hotel.' },
    'The Ritz.',
  )
  const broken = { ...tool('3', planner, [7_500, 7_600], 'transfer', {}, 'no line'), isError: true as const }
  const researcher = {
    name: 'agent_researcher',
    spanId: 'b'.repeat(16),
    startedAt: startedAt + 3_100,
    parentSpanId: research.spanId,
  }
  const writer = {
    name: 'agent_travel_writer',
    spanId: 'c'.repeat(16),
    startedAt: startedAt + 7_600,
    parentSpanId: planner.spanId,
  }

  function tool(
    n: string,
    { spanId }: RunAgent,
    times: readonly [number, number],
    name: string,
    args: object,
    result: string,
  ) {
    return {
      spanId: n.repeat(16),
      parentSpanId: spanId,
      askedBy: 'x',
      name,
      arguments: { ...args } as Record<string, string>,
      result,
      startedAt: startedAt + times[0],
      endedAt: startedAt + times[1],
    } satisfies ToolSpan
  }

  const steps: readonly Step[] = [
    { at: 0, took: 1_200, agent: planner, link: { kind: 'none' }, answer: 'Let me look.' },
    {
      at: 1_900,
      took: 1_100,
      agent: planner,
      link: { kind: 'tool_id', relation: 'step' },
      answer: 'And a hotel.',
      toolSpans: [weather],
    },
    { at: 3_100, took: 900, agent: researcher, link: { kind: 'subagent', relation: 'subagent' }, answer: '' },
    {
      at: 4_100,
      took: 2_300,
      agent: researcher,
      link: { kind: 'none', refused: 'ambiguous' },
      answer: 'The Ritz.',
    },
    {
      at: 6_500,
      took: 1_000,
      agent: planner,
      link: { kind: 'tool_id', relation: 'step' },
      answer: 'Over to you.',
      toolSpans: [research],
    },
    {
      at: 7_600,
      took: 2_000,
      agent: writer,
      link: { kind: 'tool_id', relation: 'handoff' },
      answer: 'Go to the Ritz.',
      toolSpans: [broken],
    },
  ]
  return steps.map(({ at, took, agent, link, answer, toolSpans }, n) =>
    sampleRecord({
      id: `019abd${'0'.repeat(25)}${n}`,
      trace: { traceId, spanId: `d${n}`.padEnd(16, '0') },
      times: { startedAt: startedAt + at, durationMs: took },
      input: [{ role: 'user', content: 'Plan a day in Paris.' }],
      link: { ...link, ...(n > 0 && { parentCallId: `019abd${'0'.repeat(25)}${n - 1}` }) },
      run: {
        conversationId: 'c0ffee'.padEnd(32, '0'),
        turn: 1,
        step: n + 1,
        agent,
        ...(agent === planner ? {} : { root: planner }),
      },
      ...(toolSpans && { toolSpans }),
      ...(answer === ''
        ? {
            ending: 'upstream_error',
            error: { type: 'overloaded', message: 'Try again.' },
            output: chosen(''),
          }
        : { output: chosen(answer) }),
    }),
  )
}
