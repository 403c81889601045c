import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { type RunningProcess, run } from '../../processes/testing/processes.ts'
import type { InferenceRecord } from '../../shared/record/record.ts'
import { startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { answerRecipe, reply } from './testing/model.ts'

const execute = promisify(execFile)
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const python = process.env.PYTHON ?? 'python3'

async function lendThreadtap(): Promise<RunningProcess> {
  const upstream = await startFakeUpstream(answerRecipe)
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  return run('start', { DATA_DIR: tempDir(), UPSTREAM_BASE_URL: `${upstream.origin}/v1` })
}

/** Runs a recipe as a person would, and returns the records of what it said to the model. */
async function cook(
  { baseUrl, ledgerWhere, look }: RunningProcess,
  program: string,
  recipe: string,
): Promise<readonly InferenceRecord[]> {
  const env = { PATH: process.env.PATH, OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: 'sk-test' }
  const { stdout } = await execute(program, [recipe], { env })
  expect(stdout).toContain(reply)
  await ledgerWhere(({ accepted, delivered }) => accepted > 0 && accepted === delivered)
  const calls = await look<readonly { readonly id: string }[]>('/api/calls')
  return Promise.all(calls.map(({ id }) => look<InferenceRecord>(`/api/calls/${id}`)))
}

/** Whether the program runs with these arguments; what it says is of no interest. */
const works = (program: string, ...args: readonly string[]): Promise<boolean> =>
  execute(program, args).then(
    () => true,
    () => false,
  )

const whose = (threadId: string) => ({ threadId, sessionId: threadId, userId: 'ada' })

test.each([
  ['openai-sdk', { ...whose('openai-sdk'), tags: ['holiday', 'example'] }],
  ['ai-sdk', whose('ai-sdk')],
  ['langchain', whose('langchain')],
  ['openai-agents', { ...whose('openai-agents'), agentKey: 'travel' }],
])('%s.ts tells whose its call is', async (recipe, context) => {
  const threadtap = await lendThreadtap()
  const records = await cook(threadtap, process.execPath, here(`../../dist/deploy/examples/${recipe}.js`))
  expect(records).toHaveLength(1)
  expect(records[0]).toMatchObject({ context, ending: 'completed', usage: { total: 9 } })
})

test('base-url-only.ts says its thread in the path', async ({ skip }) => {
  const threadtap = await lendThreadtap()
  // Whoever reads the path goes on to the name of the upstream, and does not know that.
  const refusal = await fetch(new URL('/t/anybody/nowhere/v1/models', threadtap.baseUrl))
  const knowsPath = (await refusal.text()).includes('unknown_upstream')
  skip(!knowsPath, 'this threadtap does not know /t/<thread id>/v1')
  const recipe = here('../../dist/deploy/examples/base-url-only.js')
  const [record] = await cook(threadtap, process.execPath, recipe)
  expect(record?.context).toMatchObject({ threadId: 'base-url-only', sessionId: 'base-url-only' })
})

test('curl.sh says all that can be said', async ({ skip }) => {
  skip(!(await works('curl', '--version')), 'curl is not installed')
  const records = await cook(await lendThreadtap(), 'sh', here('curl.sh'))
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

/** Where PYTHON, or python3, can import these. */
const canImport = (packages: readonly string[]): Promise<boolean> =>
  works(python, '-c', packages.map((name) => `import ${name}`).join('\n'))

test.for<[recipe: string, packages: string[], context: object]>([
  ['openai_sdk', ['openai'], { ...whose('python-openai-sdk'), tags: ['holiday', 'example'] }],
  ['langgraph_thread', ['langchain_openai', 'langgraph'], whose('python-langgraph')],
  ['openai_agents', ['agents'], { ...whose('python-openai-agents'), agentKey: 'travel' }],
])('python/%s.py tells whose its call is', async ([recipe, packages, context], { skip }) => {
  skip(!(await canImport(packages)), `${python} cannot import ${packages.join(' and ')}`)
  const records = await cook(await lendThreadtap(), python, here(`python/${recipe}.py`))
  expect(records).toHaveLength(1)
  expect(records[0]).toMatchObject({ context, ending: 'completed', usage: { total: 9 } })
})
