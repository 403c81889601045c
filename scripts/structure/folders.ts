/**
 * The import rule, stated once: every folder with code, what is in it, and the folders that it may import. What is not
 * listed is forbidden. `folders.test.ts` holds the code to it, and the picture in ARCHITECTURE.md is drawn from it.
 */
export const folders: Readonly<Record<string, Folder>> = {
  '.': {
    holds: '`main.ts`: runs one command; the only place that exits',
    imports: ['cli', 'cli/command-line', 'cli/terminal'],
  },
  cli: {
    holds: 'the commands that people type, beside the three processes',
    imports: [
      'cli/admin',
      'cli/call',
      'cli/command-line',
      'cli/completion',
      'cli/doctor',
      'cli/runs',
      'cli/terminal',
      'processes',
      'shared',
      'shared/admin',
      'shared/config',
      'shared/thread-logs',
    ],
  },
  'cli/admin': {
    holds: 'asks a running process through its admin port',
    imports: [
      'cli/terminal',
      'shared',
      'shared/admin',
      'shared/config',
      'shared/http',
      'shared/pricing',
      'worker/local-store',
    ],
  },
  'cli/call': {
    holds: 'one call in full',
    imports: [
      'cli/admin',
      'cli/command-line',
      'cli/terminal',
      'shared',
      'shared/admin',
      'shared/config',
      'shared/record',
    ],
  },
  'cli/command-line': {
    holds: 'what every command shares: environment, options',
    imports: ['cli/terminal'],
  },
  'cli/completion': {
    holds: 'completion for bash, zsh and fish',
    imports: ['cli/command-line'],
  },
  'cli/doctor': {
    holds: 'one check per dependency: does it work, and how to fix it',
    imports: [
      'cli/admin',
      'cli/command-line',
      'cli/doctor/reach',
      'cli/terminal',
      'proxy/ingress',
      'shared',
      'shared/admin',
      'shared/config',
      'shared/http',
      'shared/metrics',
      'shared/pricing',
      'shared/timing',
      'worker/sinks/langfuse',
      'worker/sinks/otlp',
    ],
  },
  'cli/doctor/reach': {
    holds: 'what a server speaks, and why it does not answer',
    imports: ['shared', 'shared/timing'],
  },
  'cli/runs': {
    holds: 'agent runs: a list, and one as a tree',
    imports: ['cli/admin', 'cli/command-line', 'cli/terminal', 'shared/admin', 'shared/config'],
  },
  'cli/terminal': {
    holds: 'tables, widths, cells: text for a terminal',
    imports: ['shared/pricing', 'shared/record'],
  },
  'deploy/alerts': {
    holds: 'alert rules, as typed code',
    imports: ['shared/metrics'],
  },
  'deploy/demo': {
    holds: 'a fake model and chatty threads beside a real threadtap',
    imports: ['cli', 'cli/terminal', 'processes', 'shared', 'shared/admin'],
  },
  'deploy/docker': {
    holds: 'the image, and what its HEALTHCHECK runs',
    imports: [],
  },
  'deploy/example-app/app': {
    holds: 'a small application that knows nothing of threadtap',
    imports: [],
  },
  'deploy/example-app/model': {
    holds: 'stands in for a model API beside it',
    imports: [],
  },
  'deploy/grafana': {
    holds: 'the dashboards, as typed code',
    imports: ['deploy/grafana/builders', 'deploy/grafana/llm', 'deploy/grafana/threadtap'],
  },
  'deploy/grafana/builders': {
    holds: 'panels, queries, variables: what dashboards are made of',
    imports: ['shared/metrics'],
  },
  'deploy/grafana/llm': {
    holds: 'rows for people who run applications that call models',
    imports: ['deploy/grafana/builders', 'shared/metrics'],
  },
  'deploy/grafana/picture': {
    holds: 'draws a dashboard as a picture for the README',
    imports: [],
  },
  'deploy/grafana/threadtap': {
    holds: 'rows for people who run threadtap',
    imports: ['deploy/grafana/builders', 'shared/metrics'],
  },
  'loadtest/compare': {
    holds: 'relays side by side at an equal offered rate',
    imports: [
      'loadtest/compare/load',
      'loadtest/compare/report',
      'loadtest/compare/scenarios',
      'loadtest/compare/subjects',
      'loadtest/compare/usage',
      'loadtest/overhead',
    ],
  },
  'loadtest/compare/load': {
    holds: 'load generator and model, a process each',
    imports: ['loadtest/overhead'],
  },
  'loadtest/compare/report': {
    holds: 'statistics and tables of a comparison',
    imports: [
      'loadtest/compare/load',
      'loadtest/compare/scenarios',
      'loadtest/compare/subjects',
      'loadtest/compare/usage',
      'loadtest/overhead',
    ],
  },
  'loadtest/compare/scenarios': {
    holds: 'one load per file',
    imports: ['loadtest/compare/load', 'loadtest/compare/subjects', 'loadtest/overhead'],
  },
  'loadtest/compare/subjects': {
    holds: 'what is compared, running',
    imports: ['loadtest/compare/usage', 'shared/admin'],
  },
  'loadtest/compare/usage': {
    holds: 'CPU time and memory from /proc',
    imports: [],
  },
  'loadtest/fuzz': {
    holds: 'damaged calls against a running process',
    imports: ['shared', 'shared/admin'],
  },
  'loadtest/isolation': {
    holds: 'thousands of calls at once, none mixed',
    imports: ['shared'],
  },
  'loadtest/stitching': {
    holds: 'recorded agent runs through the running product: precision and recall of its links',
    imports: [
      'loadtest/compare/report',
      'loadtest/compare/usage',
      'loadtest/fuzz',
      'shared',
      'shared/admin',
      'shared/record',
    ],
  },
  'loadtest/overhead': {
    holds: 'what it costs, beside a bare relay and nginx',
    imports: [],
  },
  'loadtest/start': {
    holds: 'time to start and memory at rest, beside bare Node',
    imports: [
      'loadtest/compare/report',
      'loadtest/compare/subjects',
      'loadtest/compare/usage',
      'loadtest/overhead',
    ],
  },
  processes: {
    holds: 'start, proxy, worker; signals, banner',
    imports: [
      'processes/assembly',
      'processes/recording',
      'processes/recording/delivery',
      'proxy',
      'shared',
      'shared/admin',
      'shared/config',
      'shared/http',
      'shared/metrics',
      'shared/timing',
      'worker',
    ],
  },
  'processes/assembly': {
    holds: 'what every process shares: runtime, the way through Redis',
    imports: [
      'proxy/media',
      'proxy/outbox',
      'proxy/recorder',
      'proxy/spool',
      'shared',
      'shared/config',
      'shared/ledger',
      'shared/metrics',
      'shared/queue',
      'shared/timing',
      'worker',
      'worker/intake',
    ],
  },
  'processes/recording': {
    holds: 'the thread that everything but the relay runs in',
    imports: [
      'processes/assembly',
      'processes/recording/delivery',
      'proxy',
      'proxy/attribution/store',
      'proxy/recorder',
      'proxy/tape',
      'proxy/usage-reporting',
      'shared',
      'shared/admin',
      'shared/config',
      'shared/http',
      'shared/ledger',
      'shared/record',
      'shared/timing',
    ],
  },
  'processes/recording/delivery': {
    holds: 'the ways that records go on from the spool, each loaded where it is needed',
    imports: ['processes/assembly', 'proxy/media', 'proxy/recorder', 'proxy/spool', 'shared/queue', 'worker'],
  },
  proxy: {
    holds: 'the relay: the path of a call on the main thread',
    imports: [
      'proxy/attribution',
      'proxy/attribution/names',
      'proxy/attribution/store',
      'proxy/ingress',
      'proxy/ingress/access',
      'proxy/tape',
      'proxy/upstream',
      'proxy/usage-reporting',
      'shared',
      'shared/config',
      'shared/http',
      'shared/metrics',
      'shared/record',
      'shared/timing',
    ],
  },
  'proxy/attribution': {
    holds: 'thread, session, user, trace of a call, by precedence of sources',
    imports: [
      'proxy/attribution/names',
      'proxy/attribution/store',
      'proxy/observe/capture',
      'shared',
      'shared/config',
      'shared/http',
      'shared/record',
      'shared/timing',
    ],
  },
  'proxy/attribution/names': {
    holds: 'tables: which header, baggage key or body field means what',
    imports: ['shared'],
  },
  'proxy/attribution/store': {
    holds: 'contexts registered for threads, in memory or Redis',
    imports: ['proxy/ingress', 'shared', 'shared/config', 'shared/queue', 'shared/timing'],
  },
  'proxy/content-codings': {
    holds: 'gzip, deflate, br, zstd',
    imports: [],
  },
  'proxy/generations': {
    holds: 'responses that run on in the background, completed by what is fetched of them',
    imports: ['proxy/observe', 'shared', 'shared/record', 'shared/timing'],
  },
  'proxy/ingress': {
    holds: 'reads a request: target, body, what is rejected, usage injection',
    imports: [
      'proxy/attribution/names',
      'proxy/content-codings',
      'shared',
      'shared/config',
      'shared/http',
      'shared/record',
    ],
  },
  'proxy/ingress/access': {
    holds: 'who may call, and who gets our own key',
    imports: ['proxy/attribution/names', 'proxy/ingress', 'shared/http'],
  },
  'proxy/media': {
    holds: 'the bytes of media on local disk, beside the spool',
    imports: ['shared'],
  },
  'proxy/observe': {
    holds: 'from what went by to a record, without I/O',
    imports: [
      'proxy/observe/capture',
      'proxy/observe/folds',
      'proxy/observe/reading',
      'proxy/tape',
      'shared',
      'shared/record',
      'shared/timing',
    ],
  },
  'proxy/observe/capture': {
    holds: 'what is kept of content: limits, media, credentials',
    imports: ['shared', 'shared/record'],
  },
  'proxy/observe/errors': {
    holds: "errors in any provider's shape",
    imports: ['proxy/observe/capture', 'shared', 'shared/record'],
  },
  'proxy/observe/folds': {
    holds: 'one fold per dialect: from events to a response',
    imports: [
      'proxy/observe/capture',
      'proxy/observe/errors',
      'proxy/observe/usage',
      'shared',
      'shared/record',
    ],
  },
  'proxy/observe/form': {
    holds: 'multipart/form-data on its way to the upstream',
    imports: ['proxy/observe', 'proxy/observe/capture', 'shared', 'shared/record'],
  },
  'proxy/observe/reading': {
    holds: 'from response bytes to events',
    imports: [
      'proxy/content-codings',
      'proxy/observe/capture',
      'proxy/observe/errors',
      'proxy/observe/folds',
      'proxy/sse',
      'shared',
      'shared/record',
    ],
  },
  'proxy/observe/usage': {
    holds: 'token counts and cost, as the provider reports them',
    imports: ['shared', 'shared/record'],
  },
  'proxy/observe/redact': {
    holds: 'REDACT: replaces what must not be written',
    imports: ['shared', 'shared/config', 'shared/record'],
  },
  'proxy/outbox': {
    holds: 'packs records; hands packs to Redis',
    imports: ['proxy/spool', 'shared', 'shared/ledger', 'shared/queue', 'shared/record', 'shared/timing'],
  },
  'proxy/recorder': {
    holds: 'from the tape to the record',
    imports: [
      'proxy/attribution',
      'proxy/attribution/names',
      'proxy/attribution/store',
      'proxy/content-codings',
      'proxy/generations',
      'proxy/ingress',
      'proxy/media',
      'proxy/observe',
      'proxy/observe/capture',
      'proxy/observe/form',
      'proxy/observe/redact',
      'proxy/outbox',
      'proxy/spool',
      'proxy/stitching',
      'proxy/tape',
      'proxy/usage-reporting',
      'shared',
      'shared/config',
      'shared/http',
      'shared/ledger',
      'shared/metrics',
      'shared/queue',
      'shared/pricing',
      'shared/record',
      'shared/thread-logs',
      'shared/timing',
    ],
  },
  'proxy/spool': {
    holds: 'packs on local disk, and the ledger of all records',
    imports: ['shared', 'shared/ledger', 'shared/queue', 'shared/record', 'shared/timing'],
  },
  'proxy/sse': {
    holds: 'server-sent events: decoder and usage frame cutter',
    imports: ['shared'],
  },
  'proxy/stitching': {
    holds: 'agent runs: which call follows which, and the tools between them',
    imports: [
      'proxy/observe/capture',
      'proxy/stitching/reading',
      'shared',
      'shared/config',
      'shared/queue',
      'shared/record',
      'shared/timing',
    ],
  },
  'proxy/stitching/reading': {
    holds: 'what requests and responses of each API show of a conversation',
    imports: ['shared', 'shared/record'],
  },
  'proxy/tape': {
    holds: 'the bounded seam between relay and recorder, in shared memory',
    imports: ['shared/record'],
  },
  'proxy/upstream': {
    holds: 'sends the request, pipes the response back',
    imports: [
      'proxy/attribution/names',
      'proxy/content-codings',
      'proxy/ingress',
      'proxy/ingress/access',
      'proxy/sse',
      'proxy/tape',
      'shared',
      'shared/record',
    ],
  },
  'proxy/usage-reporting': {
    holds: 'how upstreams report the usage of streams: learned, kept, shared',
    imports: ['proxy/sse', 'shared', 'shared/record', 'shared/timing'],
  },
  scripts: {
    holds: '`npm run docs`, `npm run build`',
    imports: ['scripts/docs', 'scripts/release'],
  },
  'scripts/docs': {
    holds: 'generated pages of docs/, dashboards, alert rules',
    imports: [
      'deploy/alerts',
      'deploy/grafana',
      'deploy/grafana/picture',
      'proxy/attribution/names',
      'proxy/ingress',
      'scripts/docs/record',
      'scripts/structure',
      'shared/config',
      'shared/metrics',
      'shared/pricing',
    ],
  },
  'scripts/docs/record': {
    holds: 'the types of the record as they are declared, an example of one',
    imports: ['shared/record'],
  },
  'scripts/release': {
    holds: 'bundles what is published, with the licences of what is in it',
    imports: [],
  },
  'scripts/structure': {
    holds: 'the import rule and its picture',
    imports: [],
  },
  shared: {
    holds: 'what everything needs: JSON, logger, lifecycle, error causes',
    imports: ['shared/timing'],
  },
  'shared/admin': {
    holds: 'the admin port',
    imports: [
      'shared',
      'shared/config',
      'shared/http',
      'shared/ledger',
      'shared/metrics',
      'shared/pricing',
      'shared/record',
      'shared/timing',
    ],
  },
  'shared/config': {
    holds: 'settings, declared once',
    imports: ['shared', 'shared/pricing'],
  },
  'shared/http': {
    holds: 'servers on node:http',
    imports: ['shared'],
  },
  'shared/ledger': {
    holds: 'where every accepted record is',
    imports: [],
  },
  'shared/metrics': {
    holds: 'every metric, declared once',
    imports: [],
  },
  'shared/pricing': {
    holds: 'what a call costs: list prices, and the bill of the provider',
    imports: ['shared', 'shared/record'],
  },
  'shared/queue': {
    holds: 'the contract between spool or Redis and the worker',
    imports: ['shared', 'shared/ledger', 'shared/record'],
  },
  'shared/record': {
    holds: 'the one message between proxy and worker, and its codec',
    imports: ['shared'],
  },
  'shared/thread-logs': {
    holds: 'a log file per thread',
    imports: ['shared', 'shared/timing'],
  },
  'shared/timing': {
    holds: 'clock, backoff, pauses, deadlines',
    imports: [],
  },
  worker: {
    holds: 'the path of a record: pipeline, delivery, gate, batcher',
    imports: [
      'shared',
      'shared/admin',
      'shared/config',
      'shared/ledger',
      'shared/metrics',
      'shared/pricing',
      'shared/queue',
      'shared/record',
      'shared/timing',
      'worker/dead-letters',
      'worker/delivery',
      'worker/local-store',
      'worker/sinks',
      'worker/sinks/langfuse',
      'worker/sinks/langfuse/data-model',
      'worker/sinks/langfuse/media',
      'worker/sinks/otlp',
      'worker/stages',
      'worker/usage',
    ],
  },
  'worker/dead-letters': {
    holds: 'what no sink will ever take: kept, shown, replayed',
    imports: ['shared', 'shared/admin', 'shared/queue', 'shared/record', 'shared/timing'],
  },
  'worker/delivery': {
    holds: 'moves batches through the gate to the sinks, and settles their records',
    imports: [
      'shared/admin',
      'shared/ledger',
      'shared/queue',
      'shared/record',
      'shared/timing',
      'worker/dead-letters',
      'worker/sinks',
    ],
  },
  'worker/intake': {
    holds: 'takes packs from Redis',
    imports: ['shared', 'shared/ledger', 'shared/queue', 'shared/record', 'shared/timing'],
  },
  'worker/local-store': {
    holds: 'the last calls, on this machine',
    imports: ['shared', 'shared/admin', 'shared/pricing', 'shared/record', 'shared/timing'],
  },
  'worker/sinks': {
    holds: 'a sink is one function; fan-out to several',
    imports: ['shared', 'shared/ledger', 'shared/record', 'worker/local-store'],
  },
  'worker/sinks/langfuse': {
    holds: 'one sink for every Langfuse: finds out the protocol',
    imports: [
      'shared',
      'shared/record',
      'shared/timing',
      'worker/sinks',
      'worker/sinks/langfuse/data-model',
      'worker/sinks/langfuse/ingestion',
      'worker/sinks/langfuse/media',
      'worker/sinks/langfuse/otlp',
    ],
  },
  'worker/sinks/langfuse/chat': {
    holds: 'requests and responses as the chat messages that Langfuse draws',
    imports: ['shared', 'shared/record'],
  },
  'worker/sinks/langfuse/data-model': {
    holds: 'a record in the terms of Langfuse, for both protocols',
    imports: [
      'shared',
      'shared/record',
      'worker/sinks',
      'worker/sinks/langfuse/chat',
      'worker/sinks/langfuse/length',
    ],
  },
  'worker/sinks/langfuse/ingestion': {
    holds: 'the ingestion API (Langfuse 2.x, 3.x)',
    imports: ['shared', 'shared/record', 'shared/timing', 'worker/sinks', 'worker/sinks/langfuse/data-model'],
  },
  'worker/sinks/langfuse/length': {
    holds: 'shortens content to what a page of Langfuse renders',
    imports: ['shared', 'worker/sinks/langfuse/chat'],
  },
  'worker/sinks/langfuse/media': {
    holds: 'uploads media to Langfuse, before the records that refer to them',
    imports: ['shared', 'shared/queue', 'shared/record', 'shared/timing', 'worker/sinks'],
  },
  'worker/sinks/langfuse/otlp': {
    holds: 'OTLP to Langfuse (3.22 and newer)',
    imports: [
      'shared',
      'shared/record',
      'shared/timing',
      'worker/sinks',
      'worker/sinks/langfuse/data-model',
      'worker/sinks/otlp',
    ],
  },
  'worker/sinks/otlp': {
    holds: 'OTLP to any OpenTelemetry back end',
    imports: ['shared', 'shared/record', 'shared/timing', 'worker/sinks'],
  },
  'worker/stages': {
    holds: 'what wraps a sink: count, time out, retry, bisect, estimate',
    imports: ['shared', 'shared/record', 'shared/timing', 'worker/sinks', 'worker/usage'],
  },
  'worker/usage': {
    holds: 'estimates missing token counts',
    imports: ['shared', 'shared/record'],
  },
}

export type Folder = {
  /** One line for the picture. */
  readonly holds: string
  readonly imports: readonly string[]
}
