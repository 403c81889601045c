import { expect, test } from 'vitest'
import type { RunSpan } from '../../shared/admin/runs.ts'
import { langfuseEnv } from '../../shared/testing/fake-langfuse/langfuse-env.ts'
import { lendLangfuse } from '../../shared/testing/fake-langfuse/lend-langfuse.ts'
import type { Mode } from '../../shared/testing/fake-langfuse/modes.ts'
import { startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { run } from '../testing/processes.ts'
import { runScriptedAgent } from '../testing/scripted-agent.ts'

const modes: readonly Mode[] = ['v4', 'v3', 'v2']

test.each(modes)(
  'a run is one trace with its agents and tools on %s, and its next turn another one',
  async (mode) => {
    await using upstream = await startFakeUpstream()
    const langfuse = await lendLangfuse(mode)
    const threadtap = await run('start', {
      DATA_DIR: tempDir(),
      UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
      ...langfuseEnv(langfuse),
    })
    await runScriptedAgent(threadtap.baseUrl, upstream)
    await threadtap.waitForLedger(({ delivered }) => delivered === 6)

    const all = langfuse.observations()
    const nameOf = (id: string | null) => all.find((observation) => observation.id === id)?.name ?? id
    const [first, second] = [...new Set(all.map(({ traceId }) => traceId))]
    const treeOf = (traceId: string | undefined) =>
      all
        .filter((observation) => observation.traceId === traceId)
        .map(({ type, name, parentObservationId }) => [type, name, nameOf(parentObservationId)])
        .sort()
    const [agent, tool] = mode === 'v2' ? ['SPAN', 'SPAN'] : ['AGENT', 'TOOL']
    const generation = (parent: string) => ['GENERATION', 'chat gpt-4o-mini', parent]
    expect(treeOf(first)).toEqual(
      [
        [agent, 'agent_trip_planner', null],
        generation('agent_trip_planner'),
        [tool, 'get_weather', 'agent_trip_planner'],
        [tool, 'get_weather', 'agent_trip_planner'],
        generation('agent_trip_planner'),
        [agent, 'agent_researcher', 'research'],
        generation('agent_researcher'),
        [tool, 'research', 'agent_trip_planner'],
        generation('agent_trip_planner'),
        [tool, 'transfer', 'agent_trip_planner'],
        [agent, 'agent_travel_writer', 'agent_trip_planner'],
        generation('agent_travel_writer'),
      ].sort(),
    )
    expect(treeOf(second)).toEqual(
      [[agent, 'agent_travel_writer', null], generation('agent_travel_writer')].sort(),
    )

    const pages = langfuse.tracePages()
    const page = (id: string | undefined) => pages.find((candidate) => candidate.id === id)
    expect(page(first)).toMatchObject({
      name: 'agent_trip_planner',
      title: 'agent_trip_planner',
      roots: ['agent_trip_planner'],
    })
    expect(JSON.stringify(page(first)?.input)).toMatch(/^.{0,60}Plan a day in Paris\..{0,10}$/)
    expect(JSON.stringify(page(first)?.output)).toContain('Go to the Ritz')
    expect(JSON.stringify(page(second)?.input)).toMatch(/^.{0,60}Thank you, and tomorrow\?.{0,10}$/)
    expect(JSON.stringify(page(second)?.output)).toContain('Stay in bed')

    const weather = all.find(({ name }) => name === 'get_weather')
    expect(weather).toMatchObject({ metadata: { inferred: true, tool_call_id: 'call_today_J3ajtA7qivsw' } })
    expect([weather?.input, weather?.output].map((text) => JSON.stringify(text))).toEqual([
      expect.stringContaining('today'),
      expect.stringContaining('sunny'),
    ])
    expect(all.filter(({ metadata }) => metadata.link === 'subagent')).toHaveLength(1)
    expect(langfuse.losses()).toEqual([])
  },
)

/** The span's name, then those below it. */
type Names = readonly (string | Names)[]

const namesOf = ({ name, spans }: RunSpan): Names => [name, ...spans.map(namesOf)]

test('a run is listed with what linked its calls', async () => {
  await using upstream = await startFakeUpstream()
  const threadtap = await run('start', { DATA_DIR: tempDir(), UPSTREAM_BASE_URL: `${upstream.origin}/v1` })
  await runScriptedAgent(threadtap.baseUrl, upstream)
  await threadtap.waitForLedger(({ delivered }) => delivered === 6)
  const calls = await threadtap.getJson<readonly { readonly link: { readonly kind: string } }[]>('/api/calls')
  const kinds = calls.map(({ link }) => link.kind)
  expect(kinds.reverse()).toEqual(['none', 'tool_id', 'subagent', 'tool_id', 'tool_id', 'history'])
  expect(await threadtap.getJson('/api/threads')).toMatchObject([{ kind: 'conversation', calls: 6 }])

  const runs = await threadtap.getJson<readonly { readonly id: string }[]>('/api/runs')
  expect(runs).toMatchObject([
    { agent: 'agent_travel_writer', turn: 2, turns: 2, calls: 1, tools: 0, errors: 0 },
    { agent: 'agent_trip_planner', turn: 1, turns: 2, calls: 5, tools: 4, input: 'Plan a day in Paris.' },
  ])
  const { spans } = await threadtap.getJson<{ readonly spans: readonly RunSpan[] }>(
    `/api/runs/${runs[1]?.id}`,
  )
  const call = ['chat gpt-4o-mini']
  expect(spans.map(namesOf)).toEqual([
    [
      'agent_trip_planner',
      call,
      ['get_weather'],
      ['get_weather'],
      call,
      ['research', ['agent_researcher', call]],
      call,
      ['transfer'],
      ['agent_travel_writer', call],
    ],
  ])
})
