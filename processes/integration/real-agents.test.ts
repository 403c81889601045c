import { expect, onTestFinished, test } from 'vitest'
import type { FakeLangfuse } from '../../shared/testing/fake-langfuse/fake-langfuse.ts'
import { langfuseEnv } from '../../shared/testing/fake-langfuse/langfuse-env.ts'
import { lendLangfuse } from '../../shared/testing/fake-langfuse/lend-langfuse.ts'
import type { Mode } from '../../shared/testing/fake-langfuse/modes.ts'
import type { Observation } from '../../shared/testing/fake-langfuse/observation.ts'
import { startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { type RunningProcess, run } from '../testing/processes.ts'
import type { AgentProgram } from '../testing/real-agents/agent-program.ts'
import { aiSdkResponses, aiSdkStreams } from '../testing/real-agents/ai-sdk.ts'
import { handWritten } from '../testing/real-agents/hand-written.ts'
import { langgraph } from '../testing/real-agents/langgraph.ts'
import { openaiAgentsChat, openaiAgentsResponses } from '../testing/real-agents/openai-agents.ts'
import { scriptedModel } from '../testing/real-agents/scripted-model.ts'

/** A span's type and name, then those below it. */
type Tree = readonly (string | Tree)[]

const generation = ['GENERATION chat gpt-4o-mini']
const answer = ['GENERATION responses gpt-4o-mini']

/** What a planner does with its own tools. @param call the generations of its API */
const planned = (call: Tree): Tree => [
  'AGENT agent_trip_planner',
  call,
  ['TOOL get_weather'],
  ['TOOL get_weather'],
  call,
  ['TOOL research', ['AGENT agent_hotel_researcher', call]],
  call,
]

/** The same, which ends in a handoff. */
const handedOver = (call: Tree): Tree => [
  ...planned(call),
  ['TOOL transfer_to_Writer'],
  ['AGENT agent_travel_writer', call, ['TOOL check_spelling'], call],
]

type Program = {
  readonly program: AgentProgram
  /** What it leaves behind. */
  readonly tree: Tree
  readonly calls: number
}

const programs: readonly [Program, ...Program[]] = [
  { program: handWritten, tree: planned(generation), calls: 4 },
  { program: aiSdkStreams, tree: planned(generation), calls: 4 },
  { program: aiSdkResponses, tree: planned(answer), calls: 4 },
  { program: langgraph, tree: planned(generation), calls: 4 },
  { program: openaiAgentsResponses, tree: handedOver(answer), calls: 6 },
  { program: openaiAgentsChat, tree: handedOver(generation), calls: 6 },
]

const modes: readonly Mode[] = ['v4', 'v2']

async function startThreadtap(mode: Mode): Promise<{ langfuse: FakeLangfuse; threadtap: RunningProcess }> {
  const upstream = await startFakeUpstream(scriptedModel)
  const langfuse = await lendLangfuse(mode)
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const threadtap = await run('start', {
    DATA_DIR: tempDir(),
    UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
    ...langfuseEnv(langfuse),
  })
  return { langfuse, threadtap }
}

const townOf = (run: number): string => `Town-${String(run).padStart(3, '0')}`

/** The trees of each trace, by the towns that it is about: one, where nothing of another run is in it. */
function treesByTown(langfuse: FakeLangfuse): readonly (readonly [towns: string, trees: readonly Tree[]])[] {
  const all = langfuse.observations()
  const ids = new Set(all.map(({ traceId }) => traceId))
  const traces = [...ids].map((id) => all.filter(({ traceId }) => traceId === id))
  return traces
    .map((trace) => {
      const towns = new Set(JSON.stringify(trace).match(/Town-\d+/g))
      return [[...towns].sort().join(), treesOf(trace)] as const
    })
    .sort(([a], [b]) => a.localeCompare(b))
}

/** A trace's roots with what is below them. */
function treesOf(trace: readonly Observation[]): readonly Tree[] {
  const below = (parent: string | null): readonly Tree[] =>
    trace
      .filter(({ parentObservationId }) => parentObservationId === parent)
      .map(({ id, type, name }) => [`${type} ${name}`, ...below(id)])
  return below(null).map(sorted)
}

/** Siblings in one order whatever their times: calls of a model that answers at once begin in the same millisecond. */
function sorted([name = '', ...below]: Tree): Tree {
  const trees = below.map((tree) => (typeof tree === 'string' ? [tree] : sorted(tree)))
  return [name, ...trees.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))]
}

/** Version 2 has spans in place of agents and tools. */
function expectedOn(mode: Mode, tree: Tree): Tree {
  const named = (part: string | Tree): string | Tree =>
    typeof part === 'string' ? part.replace(/^(AGENT|TOOL) /, 'SPAN ') : part.map(named)
  return sorted(mode === 'v2' ? tree.map(named) : tree)
}

test.each(modes)(
  'on %s a run of each program is one trace, with its agents and tools in their places',
  async (mode) => {
    const { langfuse, threadtap } = await startThreadtap(mode)
    for (const [at, { program }] of programs.entries()) {
      expect(await program(threadtap.baseUrl, `Plan a day in ${townOf(at)}.`)).toContain(townOf(at))
    }
    const calls = programs.reduce((sum, program) => sum + program.calls, 0)
    await threadtap.waitForLedger(({ delivered }) => delivered === calls)
    expect(treesByTown(langfuse)).toEqual(
      programs.map(({ tree }, at) => [townOf(at), [expectedOn(mode, tree)]]),
    )
    expect(langfuse.losses()).toEqual([])
  },
)

test.each(modes)('on %s so are 50 runs at once in one pool', async (mode) => {
  const { langfuse, threadtap } = await startThreadtap(mode)
  const runs = Array.from({ length: 50 }, (_, at) => programs[at % programs.length] ?? programs[0])
  await Promise.all(runs.map(({ program }, at) => program(threadtap.baseUrl, `Plan a day in ${townOf(at)}.`)))
  const calls = runs.reduce((sum, program) => sum + program.calls, 0)
  await threadtap.waitForLedger(({ delivered }) => delivered === calls)
  expect(treesByTown(langfuse)).toEqual(runs.map(({ tree }, at) => [townOf(at), [expectedOn(mode, tree)]]))
  expect(langfuse.losses()).toEqual([])
})

test('runs that ask the same at once are never one', async () => {
  const { langfuse, threadtap } = await startThreadtap('v4')
  const answers = Array.from({ length: 10 }, () => handWritten(threadtap.baseUrl, 'Plan a day in Town-001.'))
  await Promise.all(answers)
  await threadtap.waitForLedger(({ delivered }) => delivered === 40)
  // Ten researchers get one task: where it cannot be told whose one is, it has a trace of its own.
  const complete = planned(generation)
  const withoutResearcher = complete.map((part) => (part[0] === 'TOOL research' ? ['TOOL research'] : part))
  const planners = treesByTown(langfuse)
    .map(([, trees]) => trees)
    .filter(([root]) => root?.[0] === 'AGENT agent_trip_planner')
  expect(planners).toHaveLength(10)
  for (const trees of planners)
    expect([[sorted(complete)], [sorted(withoutResearcher)]]).toContainEqual(trees)
})
