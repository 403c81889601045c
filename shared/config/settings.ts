import { readPriceFile } from '../pricing/price-file.ts'
import { hostList, originList } from './page-rules.ts'
import * as parse from './parsers.ts'
import { parseRedactions } from './redactions.ts'
import { redisUrl } from './redis-url.ts'
import { namedUpstreams, upstreamUrl } from './upstream-urls.ts'

/** A setting, declared once: loaded, validated and documented from here. */
export type Setting<T> = {
  readonly env: string
  /** Older or foreign names of it; `env` takes precedence. */
  readonly aliases?: readonly string[]
  /** Default, as text of the environment; a setting without one may be absent. */
  readonly fallback?: string
  readonly help: string
  /** Never logged; `<env>_FILE` may name a file that holds it. */
  readonly secret?: boolean
  readonly parse: parse.Parse<T>
}

const setting = <T, const S extends Omit<Setting<T>, 'parse'>>(declared: S & { parse: parse.Parse<T> }) =>
  declared

export const settings = {
  host: setting({
    env: 'HOST',
    fallback: '127.0.0.1',
    help: 'address of the data port, which applications call',
    parse: parse.text,
  }),
  port: setting({
    env: 'PORT',
    fallback: '4010',
    help: 'the data port; 0 for any free one',
    parse: parse.port,
  }),
  dataToken: setting({
    env: 'DATA_TOKEN',
    secret: true,
    help: 'who calls the data port must send it, in x-threadtap-token or as API key; for a HOST that is not loopback',
    parse: parse.text,
  }),
  allowedHosts: setting({
    env: 'ALLOWED_HOSTS',
    fallback: '',
    help: 'names, or .suffixes, by which applications call the data port, where a name has a dot: others get neither UPSTREAM_API_KEY nor contexts; * for any',
    parse: hostList,
  }),
  allowedOrigins: setting({
    env: 'ALLOWED_ORIGINS',
    fallback: '',
    help: 'origins of pages in browsers that may call the data port, with UPSTREAM_API_KEY and contexts: https://app.example, https://*.app.example; * for all. Their preflight requests are answered here, and answers say that they may be read (CORS)',
    parse: originList,
  }),
  tlsCert: setting({
    env: 'TLS_CERT',
    help: 'PEM file with the certificate of the data port, and those that vouch for it; with TLS_KEY the port speaks https and wss only',
    parse: parse.text,
  }),
  tlsKey: setting({
    env: 'TLS_KEY',
    help: 'PEM file with the private key of TLS_CERT, without passphrase; both are read again when they change',
    parse: parse.text,
  }),
  adminHost: setting({
    env: 'ADMIN_HOST',
    fallback: '127.0.0.1',
    help: 'address of the admin port: the console at /, /metrics, /livez, /readyz, /ledger, /api/*',
    parse: parse.text,
  }),
  adminPort: setting({
    env: 'ADMIN_PORT',
    fallback: '4011',
    help: 'the admin port; 0 for any free one',
    parse: parse.port,
  }),
  adminToken: setting({
    env: 'ADMIN_TOKEN',
    secret: true,
    help: 'bearer token for /api/* and /ledger, and what the console asks for; without one they are closed when the admin port is not on loopback',
    parse: parse.text,
  }),
  upstreamBaseUrl: setting({
    env: 'UPSTREAM_BASE_URL',
    fallback: 'https://api.openai.com/v1',
    help: "upstream of /v1/...; without a path, that of its API is added: /v1, unless the provider is known to have another. A last /. says that the API has none. A user and password in it are sent as basic authorization in the place of the client's, its query is joined to that of each call, and neither is ever shown",
    parse: upstreamUrl,
  }),
  upstreams: setting({
    env: 'UPSTREAMS',
    fallback: '',
    help: 'name=url,...: upstreams of /name/v1/..., as UPSTREAM_BASE_URL (a comma in one as %2C); one called anthropic, or at anthropic.com, is that of /v1/messages too',
    parse: namedUpstreams,
  }),
  upstreamApiKey: setting({
    env: 'UPSTREAM_API_KEY',
    secret: true,
    help: 'sent to UPSTREAM_BASE_URL as bearer token (to Anthropic as x-api-key), only when the client sends no credentials',
    parse: parse.text,
  }),
  upstreamTimeoutMs: setting({
    env: 'UPSTREAM_TIMEOUT',
    fallback: '900',
    help: 'seconds that an upstream may be silent, before its response and within it; 0 for no limit',
    parse: parse.seconds(0, 86_400),
  }),
  maxCallsInFlight: setting({
    env: 'MAX_CALLS_IN_FLIGHT',
    fallback: '20000',
    help: 'calls at once, beyond which further ones are refused (503 with Retry-After): the only load that threadtap refuses',
    parse: parse.integer(1, 10_000_000),
  }),
  minUploadRate: setting({
    env: 'MIN_UPLOAD_RATE',
    fallback: '20',
    help: 'bytes a second, on average over a minute, below which the upload of a request is ended (408); 0 for no limit',
    parse: parse.integer(0, 1_000_000_000),
  }),
  shedLoad: setting({
    env: 'SHED_LOAD',
    fallback: 'on',
    help: 'on keeps less of calls while threadtap cannot keep up or its memory runs out: no content, then no bodies, then counts only (docs/operations.md); off keeps everything as long as the recorder has room',
    parse: parse.boolean,
  }),
  dataDir: setting({
    env: 'DATA_DIR',
    fallback: './.threadtap',
    help: 'folder of the spool, the local store, dead letters and thread logs',
    parse: parse.text,
  }),
  spoolMaxBytes: setting({
    env: 'SPOOL_MAX_BYTES',
    fallback: '536870912',
    help: 'bytes of records and media pending on disk; beyond it media, then the oldest pack, are dropped, and counted',
    parse: parse.integer(1_048_576, Number.MAX_SAFE_INTEGER),
  }),
  localStore: setting({
    env: 'LOCAL_STORE',
    fallback: 'on',
    help: 'on keeps the last calls in DATA_DIR, whatever else is set (threadtap calls); off keeps none beside Langfuse or OTLP',
    parse: parse.boolean,
  }),
  storeMaxCalls: setting({
    env: 'STORE_MAX_CALLS',
    fallback: '10000',
    help: 'calls that the local store keeps; beyond it the oldest is deleted',
    parse: parse.integer(1, 10_000_000),
  }),
  storeMaxBytes: setting({
    env: 'STORE_MAX_BYTES',
    fallback: '268435456',
    help: 'bytes of calls that the local store keeps, before compression; beyond it the oldest is deleted',
    parse: parse.integer(1_048_576, Number.MAX_SAFE_INTEGER),
  }),
  redisUrl: setting({
    env: 'REDIS_URL',
    secret: true,
    help: 'the queue between proxies and workers: redis://host:6379, redis+sentinel://host:26379,host2:26379/mymaster or redis+cluster://host:6379,host2:6379, with TLS rediss; without it the worker reads the spool in the same process',
    parse: redisUrl,
  }),
  queueName: setting({
    env: 'QUEUE_NAME',
    fallback: 'threadtap',
    help: 'name of the BullMQ queue',
    parse: parse.text,
  }),
  queuePrefix: setting({
    env: 'QUEUE_PREFIX',
    fallback: '{threadtap}',
    help: 'prefix of every Redis key; the braces keep them on one node of a cluster',
    parse: parse.text,
  }),
  queueMaxPacks: setting({
    env: 'QUEUE_MAX_PACKS',
    fallback: '5000',
    help: 'packs (of at most 50 records or 256 KB) pending in Redis; further ones stay in the spool',
    parse: parse.integer(1, 10_000_000),
  }),
  queueMediaMaxBytes: setting({
    env: 'QUEUE_MEDIA_MAX_BYTES',
    fallback: '134217728',
    help: 'bytes of media pending in Redis (CAPTURE_MEDIA=upload); records beyond it go without theirs, and Redis gets none while half of its memory is used',
    parse: parse.integer(0, Number.MAX_SAFE_INTEGER),
  }),
  langfusePublicKey: setting({
    env: 'LANGFUSE_PUBLIC_KEY',
    secret: true,
    help: 'with LANGFUSE_SECRET_KEY: deliver to Langfuse',
    parse: parse.text,
  }),
  langfuseSecretKey: setting({
    env: 'LANGFUSE_SECRET_KEY',
    secret: true,
    help: 'with LANGFUSE_PUBLIC_KEY: deliver to Langfuse',
    parse: parse.text,
  }),
  langfuseBaseUrl: setting({
    env: 'LANGFUSE_BASE_URL',
    aliases: ['LANGFUSE_HOST'],
    fallback: 'https://cloud.langfuse.com',
    help: 'the Langfuse server',
    parse: parse.plainHttpUrl,
  }),
  langfuseProtocol: setting({
    env: 'LANGFUSE_PROTOCOL',
    fallback: 'auto',
    help: 'auto, otlp (Langfuse 3.22 and newer) or ingestion (older); auto asks the server for its version',
    parse: parse.oneOf('auto', 'otlp', 'ingestion'),
  }),
  langfuseEnabled: setting({
    env: 'LANGFUSE_ENABLED',
    fallback: 'true',
    help: 'false delivers nothing to Langfuse, even with keys',
    parse: parse.boolean,
  }),
  langfuseEnableSpans: setting({
    env: 'LANGFUSE_ENABLE_SPANS',
    fallback: 'true',
    help: 'false sends only generations: no agent spans around them, no spans for calls that are only relayed',
    parse: parse.boolean,
  }),
  langfuseCallerFields: setting({
    env: 'LANGFUSE_CALLER_FIELDS',
    fallback: 'prompt,version,release,environment',
    help: 'what callers may decide for Langfuse, by `x-langfuse-...` headers or the same keys of their metadata: prompt, version, release, environment, public (anybody with the link may read the trace); none for nothing. What is not listed stays metadata',
    parse: parse.someOf('prompt', 'version', 'release', 'environment', 'public'),
  }),
  langfuseFillCallerTraces: setting({
    env: 'LANGFUSE_FILL_CALLER_TRACES',
    fallback: 'true',
    help: 'over OTLP, give the trace of a `traceparent` the name, input and output of the call; false where the spans of callers go to the same Langfuse, which would show these instead of their own',
    parse: parse.boolean,
  }),
  langfuseMaxCharacters: setting({
    env: 'LANGFUSE_MAX_CHARACTERS',
    fallback: '60000',
    help: 'characters of an input, and of an output, that Langfuse gets: with more its pages show messages as cut cells. Instructions, the first and the newest messages stay; 0 for no limit',
    parse: parse.integer(0, 67_108_864),
  }),
  langfuseFlushAt: setting({
    env: 'LANGFUSE_FLUSH_AT',
    fallback: '20',
    help: 'records that close a batch',
    parse: parse.integer(1, 1_000),
  }),
  langfuseFlushIntervalMs: setting({
    env: 'LANGFUSE_FLUSH_INTERVAL',
    fallback: '5',
    help: 'seconds that close a batch',
    parse: parse.seconds(0, 3_600),
  }),
  langfuseTimeoutMs: setting({
    env: 'LANGFUSE_TIMEOUT',
    fallback: '10',
    help: 'seconds that a sink may take to answer; grows after each time-out, since a slow server records what it does not answer in time',
    parse: parse.seconds(0.1, 600),
  }),
  langfuseMaxRetries: setting({
    env: 'LANGFUSE_MAX_RETRIES',
    fallback: '3',
    help: 'retries within one delivery attempt; an outage never uses up a record',
    parse: parse.integer(0, 100),
  }),
  langfuseRetryDelayMs: setting({
    env: 'LANGFUSE_RETRY_DELAY',
    fallback: '1',
    help: 'seconds before the first retry; grows, with jitter',
    parse: parse.seconds(0, 600),
  }),
  langfuseSampleRate: setting({
    env: 'LANGFUSE_SAMPLE_RATE',
    fallback: '1',
    help: 'share of traces that is delivered, decided by trace id: a trace is whole or absent',
    parse: parse.ratio,
  }),
  langfuseVerifySample: setting({
    env: 'LANGFUSE_VERIFY_SAMPLE',
    fallback: '0',
    help: 'share of traces that is read back from Langfuse after delivery, at most 15 records a minute: what is missing or different is counted and shown',
    parse: parse.ratio,
  }),
  langfuseEnvironment: setting({
    env: 'LANGFUSE_TRACING_ENVIRONMENT',
    help: 'environment of all traces: at most 40 of a-z, 0-9, "-", "_", not starting with "langfuse"',
    parse: parse.environmentName,
  }),
  langfuseRelease: setting({ env: 'LANGFUSE_RELEASE', help: 'release of all traces', parse: parse.text }),
  otlpEndpoint: setting({
    env: 'OTLP_ENDPOINT',
    help: 'also deliver to this OpenTelemetry collector (OTLP/HTTP JSON); /v1/traces is added unless it is there, a user and password in it are sent as basic authorization',
    parse: parse.httpUrl,
  }),
  otlpHeaders: setting({
    env: 'OTLP_HEADERS',
    fallback: '',
    secret: true,
    help: 'key=value,... sent to OTLP_ENDPOINT',
    parse: parse.headerList,
  }),
  captureContent: setting({
    env: 'CAPTURE_CONTENT',
    fallback: 'full',
    help: 'what is recorded of inputs and outputs: full, lengths or none',
    parse: parse.oneOf('full', 'lengths', 'none'),
  }),
  captureMaxBytes: setting({
    env: 'CAPTURE_MAX_BYTES',
    fallback: '1048576',
    help: 'bytes recorded of each body: of a conversation the first and the newest messages; the relayed body has no such limit',
    parse: parse.integer(0, 67_108_864),
  }),
  captureMedia: setting({
    env: 'CAPTURE_MEDIA',
    fallback: 'hash',
    help: 'hash describes pictures, sound and files by type, size and hash; upload has the worker put them into Langfuse as well, where CAPTURE_CONTENT is full and nothing is redacted',
    parse: parse.oneOf('hash', 'upload'),
  }),
  mediaMaxBytes: setting({
    env: 'MEDIA_MAX_BYTES',
    fallback: '10000000',
    help: 'bytes of a medium beyond which it is only described',
    parse: parse.integer(1, 33_554_432),
  }),
  mediaTimeoutMs: setting({
    env: 'MEDIA_TIMEOUT',
    fallback: '10',
    help: 'seconds that records wait for the upload of their media; then they go without, and the upload goes on',
    parse: parse.seconds(0, 600),
  }),
  redact: setting({
    env: 'REDACT',
    fallback: '',
    help: 'replaced in records before they are written: email, card, phone, key, and /regular expressions/ of your own, separated by commas',
    parse: parseRedactions,
  }),
  ownPrices: setting({
    env: 'PRICES_FILE',
    help: 'JSON file of prices per million tokens, by model, which take precedence over the built-in list (docs/prices.md)',
    parse: readPriceFile,
  }),
  injectUsage: setting({
    env: 'INJECT_USAGE',
    fallback: 'auto',
    help: 'auto requests token usage for streams whose client did not, and learns by upstream and model where nobody need ask or asking does harm; always requests it without learning; never leaves every request unchanged, as for an upstream that sends usage anyway, refuses the option, or changes other frames. `auto,local=never` for single upstreams',
    parse: parse.injectUsage,
  }),
  stitch: setting({
    env: 'STITCH',
    fallback: 'on',
    help: 'on links calls of one agent run to one trace, with its tools, where nobody named a trace; off leaves each call its own',
    parse: parse.boolean,
  }),
  crashJournal: setting({
    env: 'CRASH_JOURNAL',
    fallback: 'on',
    help: 'on keeps what has gone by of calls in DATA_DIR until their records are safe: after a kill they are recorded, marked process_died where they had not ended. Without bodies where REDACT or CAPTURE_CONTENT keeps less than all',
    parse: parse.boolean,
  }),
  contextTtlMs: setting({
    env: 'CONTEXT_TTL_SECONDS',
    fallback: '3600',
    help: 'lifetime of a registered thread context, in seconds',
    parse: parse.seconds(1, 31_536_000),
  }),
  contextDefaults: setting({
    env: 'CONTEXT_DEFAULTS',
    fallback: '{}',
    help: 'attributes of calls, with the lowest precedence, in the format of a registered context: {"agent_key":"tutor","tags":["eu"]}',
    parse: parse.context,
  }),
  shutdownTimeoutMs: setting({
    env: 'SHUTDOWN_TIMEOUT',
    fallback: '25',
    help: 'seconds that streams in flight have to finish after SIGTERM',
    parse: parse.seconds(0, 3_600),
  }),
  logLevel: setting({
    env: 'LOG_LEVEL',
    fallback: 'info',
    help: 'trace, debug, info, warn, error or silent; JSON lines on standard error',
    parse: parse.oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent'),
  }),
  threadLogs: setting({
    env: 'THREAD_LOGS',
    fallback: 'off',
    help: 'on writes a log file per thread and day under DATA_DIR/logs (threadtap logs <thread>)',
    parse: parse.boolean,
  }),
}
