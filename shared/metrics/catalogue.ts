/** A metric, declared once: registered, documented and checked from here. */
export type Declared<Label extends string = string> = {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly name: string
  readonly help: string
  readonly labels: readonly Label[]
  readonly buckets?: readonly number[]
}

const counter = <const L extends string>(name: string, help: string, ...labels: L[]) =>
  ({ type: 'counter', name, help, labels }) as const

const gauge = <const L extends string>(name: string, help: string, ...labels: L[]) =>
  ({ type: 'gauge', name, help, labels }) as const

const histogram = <const L extends string>(
  name: string,
  help: string,
  buckets: readonly number[],
  ...labels: L[]
) => ({ type: 'histogram', name, help, labels, buckets }) as const

// Buckets of the OpenTelemetry GenAI conventions, v1.41, continued upwards: reasoning models take longer
// than their last bucket of 81.92 s.
const operationSeconds = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84, 327.68,
]
const chunkSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
const tokens = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304]
const loopDelaySeconds = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5]
const overheadSeconds = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25]

const genAi = ['gen_ai_operation_name', 'gen_ai_provider_name', 'gen_ai_request_model'] as const

/** Metrics of every process: each has an admin port. */
export const adminMetrics = {
  buildInfo: gauge('threadtap_build_info', 'Always 1: which version runs, on which Node', 'version', 'node'),
  errors: counter(
    'threadtap_admin_errors_total',
    'Requests to the admin port that failed inside threadtap; the log has the cause',
  ),
} as const

/** Metrics of the relay: counted on its own loop, rendered elsewhere. */
export const relayMetrics = {
  callsInFlight: gauge('threadtap_calls_in_flight', 'Calls in flight'),
  overhead: histogram(
    'threadtap_overhead_seconds',
    'Time that threadtap itself adds to a request before it goes upstream',
    overheadSeconds,
  ),
  usageFrames: counter(
    'threadtap_usage_frames_total',
    'Streams with injected usage, by what happened to the additional frame',
    'outcome',
  ),
  usageRefusals: counter(
    'threadtap_usage_refusals_total',
    'Calls sent again unchanged, because the upstream rejected the injected stream_options',
    'upstream',
  ),
  refused: counter('threadtap_refused_requests_total', 'Requests that reached no upstream', 'reason'),
  usageRefusalsRemembered: gauge(
    'threadtap_usage_refusals_remembered',
    'Pairs of upstream and model whose streams get no injected stream_options for now',
  ),
  lostCalls: counter(
    'threadtap_unrecorded_calls_total',
    'Calls without a record, because the recorder could not keep up or was restarted',
  ),
  loopDelay: histogram(
    'threadtap_relay_loop_delay_seconds',
    'How late timers of the loop that carries the streams run, looked at 50 times a second',
    loopDelaySeconds,
  ),
} as const

/** Metrics of the recorder. */
export const proxyMetrics = {
  operationDuration: histogram(
    'gen_ai_client_operation_duration_seconds',
    'From the request to the end of the response (OpenTelemetry gen_ai.client.operation.duration)',
    operationSeconds,
    ...genAi,
    'error_type',
  ),
  timeToFirstChunk: histogram(
    'gen_ai_client_operation_time_to_first_chunk_seconds',
    'From the request to the first content of a stream (gen_ai.client.operation.time_to_first_chunk)',
    operationSeconds,
    ...genAi,
  ),
  timePerOutputChunk: histogram(
    'gen_ai_client_operation_time_per_output_chunk_seconds',
    'Mean time between the chunks of a stream after its first content, one value per stream (gen_ai.client.operation.time_per_output_chunk)',
    chunkSeconds,
    ...genAi,
  ),
  tokenUsage: histogram(
    'gen_ai_client_token_usage',
    'Tokens of a call as the provider counts them (gen_ai.client.token.usage)',
    tokens,
    ...genAi,
    'gen_ai_token_type',
  ),
  calls: counter(
    'threadtap_calls_total',
    'Calls, by how they ended',
    'operation',
    'upstream',
    'ending',
    'status',
  ),
  usageProvenance: counter(
    'threadtap_usage_total',
    'Records by where their token usage comes from',
    'provenance',
  ),
  observerFailures: counter(
    'threadtap_observer_failures_total',
    'Calls whose recording failed; the call did not',
  ),
  unrecordedBodyBytes: counter(
    'threadtap_unrecorded_body_bytes_total',
    'Bytes of bodies that were left out because the recorder could not keep up; the records say so',
    'body',
  ),
  contextLookUps: counter(
    'threadtap_context_lookups_total',
    'Threads looked up in the context store: hit, miss, failed (no response) or skipped (too many were pending)',
    'outcome',
  ),
  contextsEvicted: counter(
    'threadtap_contexts_evicted_total',
    'Registered contexts evicted from memory, the least recently used first',
  ),
  metadataCut: counter(
    'threadtap_metadata_cut_total',
    'Calls whose metadata was over 64 KB and was truncated',
  ),
  threadLogDropped: counter(
    'threadtap_thread_log_lines_dropped_total',
    'Lines of thread logs that were not written, by reason',
    'reason',
  ),
  recordsAccepted: counter('threadtap_records_accepted_total', 'Finished records taken for delivery'),
  recordsDropped: counter('threadtap_records_dropped_total', 'Records dropped, by reason', 'reason'),
  recordsQueued: counter('threadtap_records_queued_total', 'Records handed to Redis'),
  recordsRequeued: counter(
    'threadtap_records_requeued_total',
    'Records that Redis lost, and that go there again from the spool',
  ),
  spoolFailures: counter('threadtap_spool_failures_total', 'Failed operations of the spool', 'operation'),
  queueFailures: counter(
    'threadtap_queue_failures_total',
    'Failed attempts to hand a pack to Redis',
    'reason',
  ),
  queueReady: gauge(
    'threadtap_queue_ready',
    '1 while packs can be handed to Redis, 0 while they wait in the spool',
  ),
} as const

/** What is pending in the proxy's spool. */
export const spoolReadings = {
  spoolRecords: gauge('threadtap_spool_records', 'Records waiting in memory and on disk'),
  spoolBytes: gauge('threadtap_spool_bytes', 'Bytes of records waiting on disk'),
  spoolLimit: gauge(
    'threadtap_spool_limit_bytes',
    'SPOOL_MAX_BYTES: beyond it the oldest pack is dropped, and counted',
  ),
} as const

/** Metrics of the worker. */
export const workerMetrics = {
  recordsDelivered: counter('threadtap_records_delivered_total', 'Records that the sink accepted', 'sink'),
  recordsDeadLettered: counter(
    'threadtap_records_dead_lettered_total',
    'Records kept on disk as undeliverable',
  ),
  workerDropped: counter(
    'threadtap_worker_dropped_total',
    'Records dropped by the worker, by reason',
    'reason',
  ),
  usageEstimates: counter(
    'threadtap_usage_estimates_total',
    'Records whose missing token usage was estimated, and batches where that failed',
    'outcome',
  ),
  sinkRequests: counter('threadtap_sink_requests_total', 'Delivery attempts', 'sink', 'outcome'),
  sinkSeconds: histogram('threadtap_sink_seconds', 'Time of one delivery attempt', operationSeconds, 'sink'),
  sinkHeld: gauge(
    'threadtap_sink_held',
    '1 while a sink rejects everything until somebody acts (wrong keys, wrong server)',
    'sink',
  ),
  deliveryPaused: gauge(
    'threadtap_delivery_paused',
    '1 while an outage or a rejection pauses all sends; no attempt is used up meanwhile',
  ),
  valuesChanged: counter(
    'threadtap_langfuse_values_changed_total',
    'Values that Langfuse would reject, shortened or left out (refused); the original is in the metadata',
    'field',
    'change',
  ),
  unreadablePacks: counter(
    'threadtap_unreadable_packs_total',
    'Packs that this version cannot read, by whether they were kept as dead letters',
    'kept',
  ),
  deliveryAge: histogram(
    'threadtap_delivery_age_seconds',
    'From the end of a call to its delivery',
    [0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14400, 86400],
  ),
  copiesDropped: counter(
    'threadtap_local_copies_dropped_total',
    'Calls that the local store beside the sinks left out: its disk failed, or was behind. Delivery is not affected',
    'reason',
  ),
  batchRecords: histogram(
    'threadtap_batch_records',
    'Records in one batch',
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
  ),
  recordsInHand: gauge('threadtap_worker_records_in_hand', 'Records taken and not yet settled'),
} as const
