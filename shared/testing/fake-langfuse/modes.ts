/** The server versions that there are recordings or measurements of. */
export type Mode = 'v4' | 'v4-dual' | 'v3' | 'v3.20' | 'v2'

export type Server = {
  readonly version: string
  readonly acceptsOtlp: boolean
  /** `scores`: version 4's default, LANGFUSE_MIGRATION_V4_WRITE_MODE=events_only. */
  readonly ingests: 'everything' | 'scores'
  /** Rows are only appended, and duplicates collapse only where span, trace and start time are equal. */
  readonly appendsOnly: boolean
  /** PostgreSQL responds with 500 to U+0000; ClickHouse loses an insert with a lone surrogate. */
  readonly database: 'postgres' | 'clickhouse'
  /** Version 4 by default has no traces, only observations with the fields of theirs. */
  readonly keepsTraces: boolean
}

export const servers: Readonly<Record<Mode, Server>> = {
  v4: {
    version: '4.16.0',
    acceptsOtlp: true,
    ingests: 'scores',
    appendsOnly: true,
    database: 'clickhouse',
    keepsTraces: false,
  },
  // LANGFUSE_MIGRATION_V4_WRITE_MODE=dual.
  'v4-dual': {
    version: '4.16.0',
    acceptsOtlp: true,
    ingests: 'everything',
    appendsOnly: false,
    database: 'clickhouse',
    keepsTraces: true,
  },
  v3: {
    version: '3.199.0',
    acceptsOtlp: true,
    ingests: 'everything',
    appendsOnly: false,
    database: 'clickhouse',
    keepsTraces: true,
  },
  'v3.20': {
    version: '3.20.0',
    acceptsOtlp: false,
    ingests: 'everything',
    appendsOnly: false,
    database: 'clickhouse',
    keepsTraces: true,
  },
  v2: {
    version: '2.95.12',
    acceptsOtlp: false,
    ingests: 'everything',
    appendsOnly: false,
    database: 'postgres',
    keepsTraces: true,
  },
}
