import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

const folders = ['shared', 'proxy', 'worker', 'cli', 'deploy', 'loadtest', 'scripts']

/** What a folder must not know. The linter says the same while typing; this says it in one place. */
const forbidden: Readonly<Record<string, readonly string[]>> = {
  shared: ['proxy', 'worker', 'cli', 'deploy', 'loadtest', 'scripts'],
  proxy: ['worker', 'cli', 'deploy', 'loadtest', 'scripts'],
  worker: ['proxy', 'cli', 'deploy', 'loadtest', 'scripts'],
  cli: ['deploy', 'loadtest', 'scripts'],
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
}

function importsOf(file: string): string[] {
  const matches = readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)
  return [...matches].map(([, target = '']) => normalize(join(dirname(file), target)))
}

test.each(Object.entries(forbidden))('%s imports nothing of %j', (folder, others) => {
  const wrong = sources(folder).flatMap((file) =>
    importsOf(file)
      .filter((target) => others.includes(target.split('/')[0] ?? ''))
      .map((target) => `${file} imports ${target}`),
  )
  expect(wrong).toEqual([])
})

test('only tests import what is made for tests', () => {
  const isTestCode = (file: string) => file.endsWith('.test.ts') || file.includes('/testing/')
  const wrong = folders
    .flatMap(sources)
    .filter((file) => !isTestCode(file))
    .filter((file) => importsOf(file).some(isTestCode))
  expect(wrong).toEqual([])
})
