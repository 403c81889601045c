import { counter, gauge, histogram } from './declared.ts'
import { genAiLabels, genAiMetrics, operationSeconds } from './gen-ai.ts'

const loopDelaySeconds = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1]
const overheadSeconds = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25]
const gapSeconds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const tokensPerSecond = [5, 10, 20, 30, 50, 75, 100, 150, 200, 500, 1000]

/** Metrics of every process: each has an admin port. */
export const adminMetrics = {
  buildInfo: gauge('threadtap_build_info', 'Always 1: which version runs, on which Node', 'version', 'node'),
  errors: counter(
    'threadtap_admin_errors_total',
    'Requests to the admin port that failed inside threadtap; the log has the cause',
  ),
} as const

/** What fails in any process while calls go on. */
export const degradationMetrics = {
  degraded: gauge(
    'threadtap_degraded',
    '1 while a part of telemetry does not work; calls go on, and /readyz says what that means',
    'part',
  ),
  partFailures: counter(
    'threadtap_part_failures_total',
    'Failures of parts of telemetry, those of retries included',
    'part',
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
  usageTries: counter(
    'threadtap_usage_tries_total',
    'Streams that were sent without asking for their usage, to learn whether it comes anyway; where it does not it is estimated',
  ),
  usageRefusals: counter(
    'threadtap_usage_refusals_total',
    'Calls sent again unchanged, because the upstream rejected the injected stream_options',
    'upstream',
  ),
  refused: counter(
    'threadtap_refused_requests_total',
    'Requests that became no call; those that found no upstream are calls (threadtap_calls_total)',
    'reason',
  ),
  heldBytes: gauge(
    'threadtap_held_body_bytes',
    "Bytes of request bodies that the relay holds; beyond 256 MiB, or a quarter of the container's memory, they are streamed",
  ),
  tapeUsed: gauge(
    'threadtap_tape_used_ratio',
    'Share of the tape between relay and recorder that has not been recorded yet, 0 to 1; beyond seven eighths bodies are left out',
  ),
  leftOut: gauge(
    'threadtap_left_out',
    '1 while it is left out of what is recorded, because threadtap cannot keep up (SHED_LOAD): content, then all bodies, then whole records',
    'what',
  ),
  lostCalls: counter(
    'threadtap_unrecorded_calls_total',
    'Calls without a record, because the recorder could not keep up or was restarted',
  ),
} as const

/** A thread with an event loop that is watched: what carries the streams, what records and delivers, a worker's own. */
export type WatchedThread = 'relay' | 'recording' | 'worker'

/** Metrics of event loops, of every process. */
export const loopMetrics = {
  loopDelay: histogram(
    'threadtap_loop_delay_seconds',
    'How late timers run on the event loop of a thread, looked at 50 times a second: `relay` carries the streams, `recording` records, delivers and shows, `worker` is the main thread of `threadtap worker`',
    loopDelaySeconds,
    'thread',
  ),
} as const

/** Metrics of the recorder. */
export const proxyMetrics = {
  ...genAiMetrics,
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
  generations: counter(
    'threadtap_generations_total',
    'Responses whose result was not known when their call ended: left open, completed by a call that fetched it, or fetched where the generation was unknown',
    'outcome',
  ),
  cost: counter(
    'threadtap_cost_usd_total',
    'USD, as the provider billed it (source="provider") or reckoned from the price list of a day (source="price_list"; PRICES_FILE replaces it)',
    ...genAiLabels,
    'source',
  ),
  costSources: counter(
    'threadtap_cost_sources_total',
    'Calls that took tokens, by where their cost comes from; none: neither bill nor price is known, or the tokens are only estimated (threadtap_estimated_cost_usd_total), so that the cost lacks them',
    'source',
  ),
  outputSpeed: histogram(
    'threadtap_output_tokens_per_second',
    'Output tokens of a stream after the first, by the time from the first to the last',
    tokensPerSecond,
    ...genAiLabels,
  ),
  streamGap: histogram(
    'threadtap_stream_largest_gap_seconds',
    'The longest that a stream paused between two events; one value per stream',
    gapSeconds,
    'upstream',
  ),
  retries: counter(
    'threadtap_retries_total',
    'Calls that repeat one that failed, as their client says (x-stainless-retry-count) or as its id shows',
    'upstream',
  ),
  observerFailures: counter(
    'threadtap_observer_failures_total',
    'Calls whose recording failed; the call did not',
  ),
  redactionsTooSlow: counter(
    'threadtap_redactions_too_slow_total',
    'Records and names that went without their content, because a pattern of REDACT took too long for it, or for one just before',
  ),
  callsRecovered: counter(
    'threadtap_calls_recovered_total',
    'Calls that an earlier process was killed with, by what the crash journal had of them: whole, interrupted, lost (counted as dropped)',
    'outcome',
  ),
  unrecordedBodyBytes: counter(
    'threadtap_unrecorded_body_bytes_total',
    'Bytes of bodies that were left out because the recorder could not keep up; the records say so',
    'body',
  ),
  links: counter(
    'threadtap_links_total',
    'Calls of conversations, by what linked them to earlier ones; none where nothing did',
    'kind',
  ),
  linksRefused: counter(
    'threadtap_links_refused_total',
    'Calls that show a history and were linked to none, by the reason',
    'reason',
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
  placeholderIds: counter(
    'threadtap_placeholder_ids_total',
    'Ids that only say that there is none (undefined, null, None, nan, [object Object], nothing) and were ignored, by where they stood: header, path, baggage, body or (registered) context',
    'source',
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
  media: counter(
    'threadtap_media_captured_total',
    'Media of inputs and outputs by what became of their bytes (CAPTURE_MEDIA=upload); their records have a note in any case',
    'outcome',
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

/** What is known of how upstreams report the usage of streams. */
export const reportingMetrics = {
  usageReporting: gauge(
    'threadtap_usage_reporting_pairs',
    'Pairs of upstream and model by how they report the usage of streams: unsolicited, on_request, rejects_option, alters_frames. Only those on request are asked',
    'reporting',
  ),
} as const

/** What upstreams said last of their limits; what is older than five minutes is left out. */
export const rateLimitMetrics = {
  rateLimit: gauge(
    'threadtap_rate_limit',
    'What the upstream allows in its window, as its response headers say',
    'upstream',
    'gen_ai_request_model',
    'kind',
  ),
  rateLimitRemaining: gauge(
    'threadtap_rate_limit_remaining',
    'What is left of that',
    'upstream',
    'gen_ai_request_model',
    'kind',
  ),
} as const

/** The queue in Redis, as each proxy and worker sees it: the same at all, so take the maximum. Absent while Redis is away. */
export const queueMetrics = {
  queuePacks: gauge(
    'threadtap_queue_packs',
    'Packs of records in Redis: waiting, delayed (coming again later) or active (with a worker); the same at every process',
    'state',
  ),
  queueOldest: gauge(
    'threadtap_queue_oldest_record_age_seconds',
    'Since the pack that has waited longest in Redis came there, 0 where none waits; the same at every process',
  ),
} as const

/** What is pending in the proxy's spool. */
export const spoolReadings = {
  spoolRecords: gauge('threadtap_spool_records', 'Records waiting in memory and on disk'),
  spoolBytes: gauge('threadtap_spool_bytes', 'Bytes of records waiting on disk'),
  spoolOldest: gauge(
    'threadtap_spool_oldest_record_age_seconds',
    'Since the oldest records of the spool came there, 0 where it is empty',
  ),
  mediaBytes: gauge('threadtap_spool_media_bytes', 'Bytes of media waiting on disk beside the records'),
  spoolLimit: gauge(
    'threadtap_spool_limit_bytes',
    'SPOOL_MAX_BYTES: beyond it media, then the oldest pack, are dropped, and counted',
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
  mediaUploads: counter(
    'threadtap_media_uploads_total',
    'Media of records on their way to Langfuse, by what became of them; what is not there stays a note',
    'outcome',
  ),
  usageEstimates: counter(
    'threadtap_usage_estimates_total',
    'Records whose missing token usage was estimated, and batches where that failed',
    'outcome',
  ),
  estimatedCost: counter(
    'threadtap_estimated_cost_usd_total',
    'USD by the price list for tokens that the upstream did not report and the worker estimated; not part of threadtap_cost_usd_total',
    'gen_ai_request_model',
    'upstream',
  ),
  sinkRequests: counter('threadtap_sink_requests_total', 'Delivery attempts', 'sink', 'outcome'),
  sinkSeconds: histogram('threadtap_sink_seconds', 'Time of one delivery attempt', operationSeconds, 'sink'),
  concurrency: gauge(
    'threadtap_sink_concurrency',
    'Batches that may be on their way to the sinks at once: more while they take all, fewer after time-outs, outages and slow answers',
  ),
  sinkHeld: gauge(
    'threadtap_sink_held',
    '1 while a sink rejects everything until somebody acts (wrong keys, wrong server)',
    'sink',
  ),
  deliveryPaused: gauge(
    'threadtap_delivery_paused',
    '1 while an outage or a rejection pauses all sends; no attempt is used up meanwhile',
  ),
  recordsVerified: counter(
    'threadtap_langfuse_verified_total',
    'Records of the sample that is read back after delivery (LANGFUSE_VERIFY_SAMPLE), by what was found',
    'outcome',
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

/** What is in the worker, and what it keeps, looked at when somebody scrapes. */
export const workerReadings = {
  workerOldest: gauge(
    'threadtap_worker_oldest_record_age_seconds',
    'Since the end of the call whose record is the oldest that is taken and not yet settled, 0 where there is none',
  ),
  deadLetters: gauge('threadtap_dead_letters', 'Dead letters on disk'),
} as const

/** What each kind of process shows; one that is both has both. */
export const metricsByProcess = {
  every: { ...adminMetrics, ...degradationMetrics, ...loopMetrics },
  proxy: {
    ...relayMetrics,
    ...proxyMetrics,
    ...reportingMetrics,
    ...rateLimitMetrics,
    ...spoolReadings,
    ...queueMetrics,
  },
  worker: { ...workerMetrics, ...workerReadings, ...queueMetrics },
} as const
