import { expect, test } from 'vitest'
import { parseOptions } from './options.ts'
import { scenarios } from './scenarios/all.ts'

const namesOf = (args: readonly string[]) => parseOptions(args, scenarios).scenarios.map(({ name }) => name)

test('without options every scenario runs, with whom it names itself', () => {
  const options = parseOptions([], scenarios)
  expect(options.scenarios).toHaveLength(scenarios.length)
  expect(options.subjects).toBeUndefined()
})

test('scenarios and subjects run in the order of the report, the bare relay before what is compared with it', () => {
  expect(namesOf(['streams-50', 'plain-200'])).toEqual(['plain-200', 'streams-50'])
  expect(parseOptions(['--subjects', 'start,bare'], scenarios).subjects).toEqual(['bare', 'start'])
})

test('--quick is less of everything, and what is asked for goes before it', () => {
  expect(namesOf(['--quick']).length).toBeLessThan(4)
  expect(namesOf(['--quick', 'slow-call'])).toEqual(['slow-call'])
  expect(parseOptions(['--quick', '--seconds', '9'], scenarios)).toMatchObject({ seconds: 9, rounds: 1 })
})

test.each([
  [['streams-51'], /no scenario "streams-51". There are: plain-200, /],
  [['--subjects', 'apache'], /no subject "apache". There are: direct, /],
  [['--seconds', '0.5'], /--seconds must be a whole number/],
  [['--rounds', 'many'], /--rounds must be a whole number/],
])('%j is refused, and what there is is named', (args, message) => {
  expect(() => parseOptions(args, scenarios)).toThrow(message)
})
