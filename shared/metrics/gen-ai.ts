import { counter, histogram } from './declared.ts'

/**
 * The revision of OpenTelemetry's GenAI conventions that the names below follow. They are in development and get renamed
 * (the last time on 2026-10-06, in pull request 521): this file is the one place that knows them.
 */
export const genAiRevision = {
  repository: 'open-telemetry/semantic-conventions-genai',
  commit: '024a4f944a1291fcb627c9c47da69e79868dd15e',
} as const

/**
 * Attributes of each of them, and `upstream`, which the conventions have no name for: the name in the settings, by which
 * people know it.
 */
export const genAiLabels = [
  'gen_ai_operation_name',
  'gen_ai_provider_name',
  'gen_ai_request_model',
  'upstream',
] as const

// As recommended, continued upwards: reasoning models take longer than the last bucket of 81.92 s.
export const operationSeconds = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84, 327.68,
]
// Not as recommended: those begin at 10 ms, where the chunks of a fast model are all in one bucket.
const chunkSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
// As recommended, without the first and the last three: each bucket is a series for every model, upstream and type.
const tokens = [4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576]

/**
 * In the form of Prometheus: dots are underscores, seconds and `_total` are appended (opentelemetry.io/docs/specs/otel/
 * compatibility/prometheus_and_openmetrics). Not as UTF-8 names, which much of what reads Prometheus does not know.
 */
export const genAiMetrics = {
  inferenceDuration: histogram(
    'gen_ai_client_inference_duration_seconds',
    'From the request to the end of the response, of calls that generate (gen_ai.client.inference.duration)',
    operationSeconds,
    ...genAiLabels,
    'error_type',
  ),
  operationDuration: histogram(
    'gen_ai_client_operation_duration_seconds',
    'The same of all others: embeddings, rerank, moderation, a stored response fetched again (gen_ai.client.operation.duration)',
    operationSeconds,
    ...genAiLabels,
    'error_type',
  ),
  timeToFirstChunk: histogram(
    'gen_ai_client_inference_time_to_first_chunk_seconds',
    'From the request to the first content of a stream (gen_ai.client.inference.time_to_first_chunk)',
    operationSeconds,
    ...genAiLabels,
  ),
  timePerOutputChunk: histogram(
    'gen_ai_client_inference_time_per_output_chunk_seconds',
    'Time between the chunks of a stream after its first content: each chunk counts, with the mean of its stream (gen_ai.client.inference.time_per_output_chunk)',
    chunkSeconds,
    ...genAiLabels,
  ),
  inputTokens: counter(
    'gen_ai_client_inference_usage_input_tokens_total',
    'Input tokens as the provider counts them, cached ones included (gen_ai.client.inference.usage.input_tokens); embeddings count too',
    ...genAiLabels,
    'gen_ai_token_modality',
  ),
  outputTokens: counter(
    'gen_ai_client_inference_usage_output_tokens_total',
    'Output tokens as the provider counts them, reasoning included (gen_ai.client.inference.usage.output_tokens)',
    ...genAiLabels,
    'gen_ai_token_modality',
  ),
  cacheReadTokens: counter(
    'gen_ai_client_inference_usage_cache_read_input_tokens_total',
    'Input tokens read from the cache of the provider, part of the input (gen_ai.client.inference.usage.cache_read.input_tokens)',
    ...genAiLabels,
    'gen_ai_token_modality',
  ),
  cacheWriteTokens: counter(
    'gen_ai_client_inference_usage_cache_write_input_tokens_total',
    'Input tokens written to the cache of the provider, part of the input (gen_ai.client.inference.usage.cache_write.input_tokens)',
    ...genAiLabels,
    'gen_ai_token_modality',
  ),
  reasoningTokens: counter(
    'gen_ai_client_inference_usage_reasoning_output_tokens_total',
    'Output tokens that are reasoning, part of the output (gen_ai.client.inference.usage.reasoning.output_tokens)',
    ...genAiLabels,
    'gen_ai_token_modality',
  ),
  operationInputTokens: histogram(
    'gen_ai_client_inference_operation_input_tokens',
    'Input tokens of a call, for percentiles (gen_ai.client.inference.operation.input_tokens)',
    tokens,
    ...genAiLabels,
  ),
  operationOutputTokens: histogram(
    'gen_ai_client_inference_operation_output_tokens',
    'Output tokens of a call, for percentiles (gen_ai.client.inference.operation.output_tokens)',
    tokens,
    ...genAiLabels,
  ),
  tokenUsage: histogram(
    'gen_ai_client_token_usage',
    'Tokens of a call (gen_ai.client.token.usage, which the conventions have removed and dashboards still ask for)',
    tokens,
    ...genAiLabels,
    'gen_ai_token_type',
  ),
} as const
