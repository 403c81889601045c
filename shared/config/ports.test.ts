import { expect, test } from 'vitest'
import { InvalidSettings, loadConfig } from './load.ts'
import { checkPorts } from './ports.ts'

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    loadConfig(env, checkPorts)
    return []
  } catch (cause) {
    if (cause instanceof InvalidSettings) return cause.problems
    throw cause
  }
}

test.each([
  [{ PORT: '4011' }],
  [{ ADMIN_PORT: '4010' }],
  [{ PORT: '4011', HOST: '0.0.0.0' }],
  [{ PORT: '4011', ADMIN_HOST: '::' }],
])('%j leaves both ports the same', (env) => {
  expect(problemsOf(env)).toEqual([
    expect.stringMatching(/^ADMIN_PORT must be another port than PORT, not 401[01]; 0 is any free one$/),
  ])
})

test.each([[{}], [{ PORT: '0', ADMIN_PORT: '0' }], [{ PORT: '4011', ADMIN_HOST: '127.0.0.2' }]])(
  '%j does not',
  (env) => {
    expect(problemsOf(env)).toEqual([])
  },
)
