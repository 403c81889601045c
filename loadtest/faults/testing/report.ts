import { problemsOf, type ScenarioResult, type Verdict, verdictOf } from './result.ts'

const signs: Readonly<Record<Verdict, string>> = {
  holds: 'holds',
  'does not hold': '**does not hold**',
  expected: 'not yet',
  skipped: 'skipped',
}

/** One line for the terminal. */
export function lineOf(result: ScenarioResult): string {
  const { scenario, seconds } = result
  const problems = problemsOf(result).map((problem) => `    ${problem}\n`)
  const verdict = `${wordsOf(result)}, ${seconds.toFixed(0)} s`
  return `${scenario.name}: ${verdict}\n  ${factsOf(result).join('\n  ')}\n${problems.join('')}`
}

const wordsOf = (result: ScenarioResult): string =>
  verdictOf(result) === 'holds' && result.scenario.expected !== undefined
    ? 'holds by now: take `expected` out of its file'
    : verdictOf(result)

/** What was seen, a sentence each. */
function factsOf(result: ScenarioResult): readonly string[] {
  if ('skipped' in result) return [result.skipped]
  if ('failure' in result) return [`injected: ${result.scenario.injected}`]
  const { scenario, run, latency } = result
  const { outcomes, ledger, looks, sink, notes } = run
  const harmed = outcomes.filter(({ difference }) => difference !== undefined).length
  const lost = Object.entries(ledger.dropped).map(([reason, count]) => `, ${reason} ${count}`)
  const ratio =
    latency === undefined ? '-' : `${latency.median.toFixed(2)} × median, ${latency.p99.toFixed(2)} × p99`
  return [
    `injected: ${scenario.injected}`,
    `clients: ${outcomes.length} calls, ${outcomes.length - harmed} with every byte as the model sent it; time of calls ${ratio}`,
    `ledger: ${looks.looks} looks; accepted ${ledger.accepted}, delivered ${ledger.delivered}, dead letters ${ledger.dead_lettered}${lost.join('')}`,
    `sink, by id: found ${sink.found}, missing ${sink.missing}, twice ${sink.twice}, sent again and shown once ${sink.sentAgain}`,
    ...notes,
  ]
}

/** @param about the machine and the moment */
export function markdownReport(results: readonly ScenarioResult[], about: readonly string[]): string {
  const rows = results.map(
    (result) =>
      `| [${result.scenario.name}](#${result.scenario.name}) | ${signs[verdictOf(result)]} | ${cells(result).join(' | ')} |`,
  )
  return [
    '# Faults, injected from outside\n',
    ...about.map((line) => `${line}  `),
    '\nTimes are those of the calls made while the fault lasted, as multiples of the same calls without it.\n',
    '| scenario | | calls | bytes equal | median | p99 | found at the sink | missing | twice | counted as lost |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rows,
    ...results.map(sectionOf),
  ].join('\n')
}

function cells(result: ScenarioResult): readonly string[] {
  if (!('run' in result)) return Array<string>(8).fill('-')
  const { run, latency } = result
  const { outcomes, sink, ledger } = run
  const equal = outcomes.filter(({ difference }) => difference === undefined).length
  const lost = Object.values(ledger.dropped).reduce((sum, count) => sum + count, ledger.dead_lettered)
  return [
    ...[outcomes.length, equal].map(String),
    ...(latency === undefined ? ['-', '-'] : [latency.median.toFixed(2), latency.p99.toFixed(2)]),
    ...[sink.found, sink.missing, sink.twice, lost].map(String),
  ]
}

function sectionOf(result: ScenarioResult): string {
  const { scenario } = result
  const expected = scenario.expected === undefined ? [] : [`- not yet: ${scenario.expected}`]
  return [
    `\n## ${scenario.name}\n`,
    `${scenario.demands} *${wordsOf(result)}, ${result.seconds.toFixed(0)} s*\n`,
    ...factsOf(result).map((fact) => `- ${fact}`),
    ...expected,
    ...problemsOf(result).map((problem) => `- **${problem}**`),
  ].join('\n')
}
