import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { type CommandTree, commandTree } from '../../cli/completion/command-tree.ts'
import { createProgram } from '../../cli/program.ts'
import { plain } from '../../cli/terminal/palette.ts'
import { knownSettings } from '../../deploy/checks/testing/known-settings.ts'
import { metricsIn } from '../../deploy/checks/testing/named-metrics.ts'
import { metricsByProcess } from '../../shared/metrics/catalogue.ts'
import { npmScripts, threadtapArguments, typedLines, wrongWord } from './testing/commands.ts'
import { markdownFiles } from './testing/markdown-files.ts'

/** Without the changelog, which also says how things were called before. */
const pages = new Map([...markdownFiles()].filter(([path]) => path !== 'CHANGELOG.md'))

/** @returns `page: name` for every name that is found and not known */
const unknownIn = (find: (text: string) => readonly string[]): readonly string[] =>
  [...pages].flatMap(([path, text]) => find(text).map((name) => `${path}: ${name}`))

async function everyCommand(): Promise<CommandTree> {
  const cli = { env: {}, width: 80, paint: plain, now: 0, run: async () => undefined }
  return commandTree(await createProgram(cli, ['completion']))
}

/** What looks like a setting and is somebody else's. */
const foreign: ReadonlySet<string> = new Set([
  // Of SDKs, of Node, of OpenSSL and of Python's requests.
  ...[
    'OPENAI_BASE_URL',
    'OPENAI_API_KEY',
    'ANTHROPIC_BASE_URL',
    'NODE_OPTIONS',
    'NODE_EXTRA_CA_CERTS',
    'MALLOC_ARENA_MAX',
    'SSL_CERT_FILE',
    'REQUESTS_CA_BUNDLE',
  ],
  // Of our tests and measurements.
  ...[
    'CORPUS_DIR',
    'RESEARCH_DIR',
    'REPORTED_DIR',
    'RUNS_DIR',
    'TEST_REDIS_URL',
    'TEST_CHROMIUM',
    'PORTKEY_GATEWAY_DIR',
  ],
])

test('every setting that a page names exists', () => {
  const names = (text: string) =>
    [...text.matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g)].map(([name]) => name)
  expect(
    unknownIn((text) => names(text).filter((name) => !knownSettings.has(name) && !foreign.has(name))),
  ).toEqual([])
})

test('every metric that a page names exists', () => {
  const declared = new Set(
    Object.values(metricsByProcess).flatMap((group) =>
      Object.values(group).flatMap(({ name, type }) =>
        type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
      ),
    ),
  )
  const ours = (text: string) => metricsIn(text).filter((name) => /^(threadtap|gen_ai)_/.test(name))
  expect(unknownIn((text) => ours(text).filter((name) => !declared.has(name)))).toEqual([])
})

test('every command that a page gives people to type exists, with its options', async () => {
  const tree = await everyCommand()
  const runs = [...pages.values()].flatMap(typedLines).flatMap(threadtapArguments)
  expect(runs.length).toBeGreaterThan(20)
  const wrong = (text: string) =>
    typedLines(text)
      .flatMap(threadtapArguments)
      .filter((words) => wrongWord(words, tree) !== undefined)
      .map((words) => words.join(' '))
  expect(unknownIn(wrong)).toEqual([])
})

test('every npm script that a page names exists', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>
  }
  const wrong = (text: string) =>
    typedLines(text)
      .flatMap(npmScripts)
      .filter((name) => scripts[name] === undefined)
  expect(unknownIn(wrong)).toEqual([])
})

test('a misspelt command or option is found', async () => {
  const tree = await everyCommand()
  const wrongIn = (line: string) => threadtapArguments(line).map((words) => wrongWord(words, tree))
  expect(wrongIn('npx threadtap calls --thraed x')).toEqual(['--thraed'])
  expect(wrongIn('npx threadtap dead erase')).toEqual(['erase'])
  expect(wrongIn('REDIS_URL=redis://redis threadtap workers')).toEqual(['workers'])
  expect(wrongIn('eval "$(threadtap completion bash)" && threadtap dead show 1')).toEqual([
    undefined,
    undefined,
  ])
})

test('every file and folder that a page names from the root exists', () => {
  const rooms = /^(?:cli|deploy|docs|loadtest|processes|proxy|scripts|shared|worker)\/[\w./-]+$/
  // Written by `npm run loadtest:compare -- --save`.
  const made = /^loadtest\/results\//
  const wrong = (text: string) =>
    typedLines(text).filter((path) => rooms.test(path) && !made.test(path) && !isThere(path))
  expect(unknownIn(wrong)).toEqual([])
})

/** Modules are also named without their ending. */
const isThere = (path: string): boolean => [path, `${path}.ts`].some((name) => existsSync(name))

test('every value of the chart that a page about running it names exists', () => {
  const values: unknown = parse(readFileSync('deploy/helm/threadtap/values.yaml', 'utf8'))
  const roots = Object.keys(values as Readonly<Record<string, unknown>>).join('|')
  const names = new RegExp(`(?<![\\w./])(?:${roots})(?:\\.[a-zA-Z]+)+`, 'g')
  const wrong = (text: string) =>
    typedLines(text)
      .flatMap((line) => line.match(names) ?? [])
      .filter((name) => !/\.(?:md|com)\b/.test(name) && !hasValue(values, name.split('.')))
  expect(hasValue(values, ['redis', 'passwordSecret'])).toBe(true)
  // Elsewhere `langfuse.…` are attributes of OpenTelemetry.
  const about = ['docs/kubernetes.md', 'docs/operations.md', 'docs/security.md']
  expect(about.flatMap((path) => wrong(pages.get(path) ?? ''))).toEqual([])
})

/** Settings, selectors and labels are the user's own: whatever is below an empty object exists. */
function hasValue(values: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true
  if (typeof values !== 'object' || values === null) return false
  const entries = values as Readonly<Record<string, unknown>>
  return Object.keys(entries).length === 0 || (key in entries && hasValue(entries[key], rest))
}
