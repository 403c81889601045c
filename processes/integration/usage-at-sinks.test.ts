import { expect, test } from 'vitest'
import { recordOfExchange } from '../../proxy/observe/testing/exchange.ts'
import { reportedCases } from '../../proxy/observe/testing/reported.ts'
import { isJsonObject, type JsonObject, parseJson } from '../../shared/json.ts'
import type { InferenceRecord, Operation } from '../../shared/record/record.ts'
import { corpusCases, corpusMissing, headersOf, responseOf } from '../../shared/testing/corpus.ts'
import { reportedMissing } from '../../shared/testing/reported.ts'
import { plainUsage, usageDetails } from '../../worker/sinks/langfuse/data-model/usage.ts'

const operations: Readonly<Record<string, Operation>> = {
  chat: 'chat',
  completions: 'text_completion',
  responses: 'responses',
  embeddings: 'embeddings',
  rerank: 'rerank',
}

type Observed = { readonly name: string; readonly record: InferenceRecord; readonly body: string }

const ofCorpus = (): readonly Observed[] =>
  corpusCases()
    .filter(({ meta }) => operations[meta.endpoint] !== undefined)
    .map((one) => {
      const call = { operation: operations[one.meta.endpoint] ?? 'relay' }
      const chunks = [responseOf(one)]
      const record = recordOfExchange({ call, status: one.meta.status, headers: headersOf(one), chunks })
      return { name: one.name, record, body: chunks.join('') }
    })

const ofReports = (): readonly Observed[] =>
  reportedCases().map(({ name, call, headers, response }) => ({
    name,
    record: recordOfExchange({ call, headers, chunks: [response] }),
    body: response.toString(),
  }))

if (corpusMissing !== undefined) test.skip(corpusMissing, () => {})
if (reportedMissing !== undefined) test.skip(reportedMissing, () => {})

test('what sinks charge is the total of the provider, for every recorded usage', () => {
  const counted = [...ofCorpus(), ...ofReports()].filter(
    ({ record }) => record.usage.provenance === 'provider',
  )
  for (const { name, record, body } of counted) {
    const total = expectedTotal(lastUsage(body), record.response.model)
    const { total: detailed, ...parts } = usageDetails(record) ?? {}
    expect({ name, total: detailed, plain: plainUsage(record)?.total }).toEqual({ name, total, plain: total })
    const sum = Object.values(parts).reduce((all, part) => all + part, 0)
    expect({ name, isWithin: sum <= total }).toEqual({ name, isWithin: true })
  }
  process.stdout.write(`\n${counted.length} recorded usages, totals at the sinks as reported\n`)
})

/** By the provider's own total where it reports one; Gemini's gateways leave the thinking out of it. */
function expectedTotal(usage: JsonObject, model = ''): number {
  const input = number(usage.prompt_tokens ?? usage.input_tokens)
  const output = number(usage.completion_tokens ?? usage.output_tokens)
  const sum = input + output
  const details = usage.completion_tokens_details ?? usage.output_tokens_details
  const reasoning = isJsonObject(details) ? number(details.reasoning_tokens) : 0
  if (usage.total_tokens === undefined || usage.total_tokens === null) return sum
  const isOutside = /gemini/i.test(model) && number(usage.total_tokens) === sum && reasoning > output
  return Math.max(number(usage.total_tokens), sum) + (isOutside ? reasoning : 0)
}

const number = (value: unknown): number => (typeof value === 'number' ? value : 0)

/** The last usage with a count in it, found without the folds. */
function lastUsage(body: string): JsonObject {
  const whole = parseJson(body)
  const documents =
    whole === undefined ? body.split(/\r?\n/).map((line) => parseJson(line.replace(/^data:/, ''))) : [whole]
  const usages = documents
    .flatMap((document) => usagesIn(document))
    .filter((usage) => Object.values(usage).some(number))
  return usages.at(-1) ?? {}
}

function usagesIn(value: unknown, depth = 0): readonly JsonObject[] {
  if (!isJsonObject(value) || depth > 2) return []
  const nested = [value.response, value.x_groq, Array.isArray(value.choices) ? value.choices[0] : undefined]
  return [
    ...nested.flatMap((one) => usagesIn(one, depth + 1)),
    ...(isJsonObject(value.usage) ? [value.usage] : []),
  ]
}
