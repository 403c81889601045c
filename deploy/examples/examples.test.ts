import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { type RunningProcess, run } from '../../processes/testing/processes.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { reply, respondToExample } from './testing/model.ts'

const execute = promisify(execFile)
const pathTo = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const python = process.env.PYTHON ?? 'python3'

async function startThreadtapWithModel(): Promise<RunningProcess> {
  const upstream = await startFakeUpstream(respondToExample)
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  return run('start', { DATA_DIR: tempDir(), UPSTREAM_BASE_URL: `${upstream.origin}/v1` })
}

/** Runs an example as a person would. @returns the records of its calls */
async function runExample(
  { baseUrl, waitForLedger, getJson }: RunningProcess,
  program: string,
  example: string,
): Promise<readonly InferenceRecord[]> {
  const env = { PATH: process.env.PATH, OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: 'sk-test' }
  const { stdout } = await execute(program, [example], { env })
  expect(stdout).toContain(reply)
  await waitForLedger(({ accepted, delivered }) => accepted > 0 && accepted === delivered)
  const calls = await getJson<readonly { readonly id: string }[]>('/api/calls')
  return Promise.all(calls.map(({ id }) => getJson<InferenceRecord>(`/api/calls/${id}`)))
}

/** Whether the program exits with 0 for these arguments. */
const succeeds = (program: string, ...args: readonly string[]): Promise<boolean> =>
  execute(program, args).then(
    () => true,
    () => false,
  )

const contextOf = (threadId: string) => ({ threadId, sessionId: threadId, userId: 'ada' })

test.each([
  ['openai-sdk', { ...contextOf('openai-sdk'), tags: ['holiday', 'example'] }],
  ['ai-sdk', contextOf('ai-sdk')],
  ['langchain', contextOf('langchain')],
  ['openai-agents', { ...contextOf('openai-agents'), agentKey: 'travel' }],
])('the call of %s.ts is attributed to its thread and user', async (example, context) => {
  const threadtap = await startThreadtapWithModel()
  const records = await runExample(
    threadtap,
    process.execPath,
    pathTo(`../../dist/deploy/examples/${example}.js`),
  )
  expect(records).toHaveLength(1)
  expect(records[0]).toMatchObject({ context, ending: 'completed', usage: { total: 9 } })
})

test('base-url-only.ts names its thread in the path', async ({ skip }) => {
  const threadtap = await startThreadtapWithModel()
  // A threadtap that supports the path takes the next segment for an upstream name, which is unknown.
  const response = await fetch(new URL('/t/anybody/nowhere/v1/models', threadtap.baseUrl))
  const supportsPath = (await response.text()).includes('unknown_upstream')
  skip(!supportsPath, 'this threadtap does not support /t/<thread id>/v1')
  const example = pathTo('../../dist/deploy/examples/base-url-only.js')
  const [record] = await runExample(threadtap, process.execPath, example)
  expect(record?.context).toMatchObject({ threadId: 'base-url-only', sessionId: 'base-url-only' })
})

test('langchain-agent.ts names its thread in the path of its model', async () => {
  const example = pathTo('../../dist/deploy/examples/langchain-agent.js')
  const [record] = await runExample(await startThreadtapWithModel(), process.execPath, example)
  expect(record?.context).toMatchObject({ threadId: 'langchain-agent', sessionId: 'langchain-agent' })
})

test('each line that the README shows stands in the example that it names', () => {
  const readme = readFileSync(pathTo('../../README.md'), 'utf8')
  const rows = [...readme.matchAll(/^\| .* \| `([^|]+)` \| \[.*\]\(deploy\/examples\/(.+)\) \|$/gm)]
  expect(rows.length).toBeGreaterThan(6)
  for (const [, code = '', file = ''] of rows) expect(readFileSync(pathTo(file), 'utf8')).toContain(code)
})

test('curl.sh sets every attribution header', async ({ skip }) => {
  skip(!(await succeeds('curl', '--version')), 'curl is not installed')
  const records = await runExample(await startThreadtapWithModel(), 'sh', pathTo('curl.sh'))
  expect(records).toHaveLength(1)
  expect(records[0]?.context).toMatchObject({
    threadId: 'curl',
    sessionId: 'june',
    userId: 'ada',
    agentKey: 'travel',
    traceName: 'where to go',
    tags: ['holiday', 'example'],
    metadata: { plan: 'summer' },
  })
})

/** Whether PYTHON, or python3, can import these. */
const canImport = (packages: readonly string[]): Promise<boolean> =>
  succeeds(python, '-c', packages.map((name) => `import ${name}`).join('\n'))

test.for<[example: string, packages: string[], context: object]>([
  ['openai_sdk', ['openai'], { ...contextOf('python-openai-sdk'), tags: ['holiday', 'example'] }],
  ['langgraph_thread', ['langchain_openai', 'langgraph'], contextOf('python-langgraph')],
  ['langgraph_agent', ['langchain_openai', 'langgraph.prebuilt'], { threadId: 'python-langgraph-agent' }],
  ['openai_agents', ['agents'], { ...contextOf('python-openai-agents'), agentKey: 'travel' }],
])(
  'the call of python/%s.py is attributed to its thread and user',
  async ([example, packages, context], { skip }) => {
    skip(!(await canImport(packages)), `${python} cannot import ${packages.join(' and ')}`)
    const records = await runExample(await startThreadtapWithModel(), python, pathTo(`python/${example}.py`))
    expect(records).toHaveLength(1)
    expect(records[0]).toMatchObject({ context, ending: 'completed', usage: { total: 9 } })
  },
)
