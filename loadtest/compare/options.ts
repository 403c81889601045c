import { parseArgs } from 'node:util'
import type { Scenario } from './scenarios/scenario.ts'
import { type SubjectName, subjectNames } from './subjects/subject.ts'

export type Options = {
  readonly scenarios: readonly Scenario[]
  /** Who was asked for; undefined leaves it to each scenario. */
  readonly subjects?: readonly SubjectName[]
  readonly seconds: number
  readonly rounds: number
  /** Where the report is to go. */
  readonly html?: string
  readonly save: boolean
  /** Shows what each thread used. */
  readonly threads: boolean
}

/** What shows most in little time. */
const quickScenarios = ['plain-1000', 'streams-50', 'prompts-8mb']
const quickSubjects = 'direct,bare,proxy,start'

/** @throws Error naming what is wrong and what there is to choose from */
export function parseOptions(args: readonly string[], all: readonly Scenario[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      subjects: { type: 'string' },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      html: { type: 'string' },
      save: { type: 'boolean', default: false },
      threads: { type: 'boolean', default: false },
    },
  })
  const names = positionals.length === 0 && values.quick ? quickScenarios : positionals
  const subjects = values.subjects ?? (values.quick ? quickSubjects : undefined)
  return {
    scenarios: names.length === 0 ? all : chosen(names, all, ({ name }) => name, 'scenario'),
    ...(subjects !== undefined && {
      subjects: chosen(subjects.split(','), subjectNames, (name) => name, 'subject'),
    }),
    seconds: positive('--seconds', values.seconds, values.quick ? 2 : 3),
    rounds: positive('--rounds', values.rounds, values.quick ? 1 : 2),
    ...(values.html !== undefined && { html: values.html }),
    save: values.save,
    threads: values.threads,
  }
}

/** In the order of the whole, whatever the order of the choice. */
function chosen<T>(
  wanted: readonly string[],
  all: readonly T[],
  nameOf: (each: T) => string,
  kind: string,
): readonly T[] {
  const names = all.map(nameOf)
  const unknown = wanted.find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new Error(`There is no ${kind} "${unknown}". There are: ${names.join(', ')}.`)
  return all.filter((each) => wanted.includes(nameOf(each)))
}

function positive(name: string, given: string | undefined, fallback: number): number {
  const value = given === undefined ? fallback : Number(given)
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a whole number from 1.`)
  return value
}
