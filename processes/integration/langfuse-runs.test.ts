import { expect, onTestFinished, test } from 'vitest'
import { langfuseEnv } from '../../shared/testing/fake-langfuse/langfuse-env.ts'
import { lendLangfuse } from '../../shared/testing/fake-langfuse/lend-langfuse.ts'
import type { Mode } from '../../shared/testing/fake-langfuse/modes.ts'
import { startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { type NamedCall, recordedRuns, runsMissing } from '../../shared/testing/runs.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { chatProblems, recordProblems } from '../testing/langfuse-page.ts'
import { run } from '../testing/processes.ts'

// What Langfuse makes of recorded agent runs that went through a real process.

const paths: Readonly<Record<NamedCall['api'], string>> = {
  chat: '/chat/completions',
  responses: '/responses',
  compact: '/responses/compact',
  messages: '/messages',
}

/** An upstream that answers each call as the one named in `x-case` was answered. */
async function startReplay(calls: readonly NamedCall[]) {
  const byName = new Map(calls.map((call) => [call.name, call]))
  const upstream = await startFakeUpstream(({ headers }, outgoing) => {
    const { sse, response = null, status } = byName.get(String(headers['x-case'])) ?? { status: 599 }
    const type = sse === undefined ? 'application/json' : 'text/event-stream'
    outgoing.writeHead(status, { 'content-type': type }).end(sse ?? JSON.stringify(response))
  })
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  return upstream
}

if (runsMissing !== undefined) test.skip(runsMissing, () => {})

test.skipIf(runsMissing !== undefined).each<Mode>(['v4', 'v3', 'v2'])(
  'every call of every run reads well on %s, and so do its agents and traces',
  async (mode) => {
    const runs = recordedRuns()
    const upstream = await startReplay(runs.flat())
    const langfuse = await lendLangfuse(mode)
    const threadtap = await run('start', {
      DATA_DIR: tempDir(),
      UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
      ...langfuseEnv(langfuse),
    })
    const byCallId = new Map<string, NamedCall>()
    for (const [at, calls] of runs.entries()) {
      for (const call of calls) {
        const response = await fetch(threadtap.baseUrl + paths[call.api], {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer run-${at}`,
            'x-case': call.name,
          },
          body: JSON.stringify(call.request),
        })
        await response.arrayBuffer()
        byCallId.set(response.headers.get('x-call-id') ?? '', call)
      }
    }
    await threadtap.waitForLedger(({ delivered }) => delivered === byCallId.size)

    expect(langfuse.losses()).toEqual([])
    const observations = langfuse.observations()
    const seen = new Set(observations.map(({ metadata }) => metadata.call_id))
    expect([...byCallId.keys()].filter((id) => !seen.has(id))).toEqual([])
    const problems = observations.flatMap((observation) => {
      const call = byCallId.get(String(observation.metadata.call_id))
      const isAgent = observation.type === 'AGENT'
      const name = call?.name ?? observation.name
      return [
        ...recordProblems(observation, mode),
        ...(call !== undefined || isAgent ? chatProblems(observation, call?.request) : []),
        ...(isAgent && observation.input === null ? ['an agent without a question'] : []),
      ].map((problem) => `${name}: ${problem}`)
    })
    expect(problems).toEqual([])
    const pages = langfuse.tracePages()
    expect(
      pages.filter(({ name, title, input }) => name === null || title === null || input === null),
    ).toEqual([])
  },
  120_000,
)
