/** Which server the fake is: the three that the recordings and the facts speak of. */
export type Mode = 'v4' | 'v3' | 'v2'

export type Server = {
  readonly version: string
  readonly takesOtlp: boolean
  /** `scores`: version 4's default, LANGFUSE_MIGRATION_V4_WRITE_MODE=events_only. */
  readonly ingests: 'everything' | 'scores'
  /** Rows are only appended; what is sent twice collapses only where span, trace and start time are equal. */
  readonly appendsOnly: boolean
  /** Text with U+0000 is a 500 (PostgreSQL); a lone surrogate loses the insert (ClickHouse). */
  readonly database: 'postgres' | 'clickhouse'
}

export const servers: Readonly<Record<Mode, Server>> = {
  v4: {
    version: '4.16.0',
    takesOtlp: true,
    ingests: 'scores',
    appendsOnly: true,
    database: 'clickhouse',
  },
  v3: {
    version: '3.199.0',
    takesOtlp: true,
    ingests: 'everything',
    appendsOnly: false,
    database: 'clickhouse',
  },
  v2: {
    version: '2.95.12',
    takesOtlp: false,
    ingests: 'everything',
    appendsOnly: false,
    database: 'postgres',
  },
}
