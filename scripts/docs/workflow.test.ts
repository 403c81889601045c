import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

type Workflow = {
  readonly jobs: {
    readonly verify: {
      readonly strategy: { readonly matrix: { readonly node: readonly number[] } }
      readonly steps: readonly { readonly run?: string }[]
    }
  }
}

test('the hosted CI runs the two commands of the README on every Node that is supported', () => {
  const { verify } = (parse(readFileSync('.github/workflows/ci.yml', 'utf8')) as Workflow).jobs
  expect(verify.strategy.matrix.node).toEqual([20, 22, 24, 26])
  const runs = verify.steps.flatMap(({ run }) => run ?? [])
  expect(runs).toContain('.ci/start')
  expect(readFileSync('.ci/start', 'utf8')).toContain('npm start')
  expect(runs).toContain('npm run verify')
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { verify: string } }
  expect(scripts.verify).toMatch(/&& npm test$/)
  const readme = readFileSync('README.md', 'utf8')
  for (const command of ['npm start', 'npm test']) expect(readme).toContain(command)
})
