/** The server versions that there are recordings or measurements of. */
export type Mode = 'v4' | 'v3' | 'v2'

export type Server = {
  readonly version: string
  readonly acceptsOtlp: boolean
  /** `scores`: version 4's default, LANGFUSE_MIGRATION_V4_WRITE_MODE=events_only. */
  readonly ingests: 'everything' | 'scores'
  /** Rows are only appended, and duplicates collapse only where span, trace and start time are equal. */
  readonly appendsOnly: boolean
  /** PostgreSQL responds with 500 to U+0000; ClickHouse loses an insert with a lone surrogate. */
  readonly database: 'postgres' | 'clickhouse'
}

export const servers: Readonly<Record<Mode, Server>> = {
  v4: {
    version: '4.16.0',
    acceptsOtlp: true,
    ingests: 'scores',
    appendsOnly: true,
    database: 'clickhouse',
  },
  v3: {
    version: '3.199.0',
    acceptsOtlp: true,
    ingests: 'everything',
    appendsOnly: false,
    database: 'clickhouse',
  },
  v2: {
    version: '2.95.12',
    acceptsOtlp: false,
    ingests: 'everything',
    appendsOnly: false,
    database: 'postgres',
  },
}
