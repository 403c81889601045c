import type { Ending } from '../../../../shared/record/record.ts'

export type Level = 'DEFAULT' | 'WARNING' | 'ERROR'

const levels: Readonly<Record<Ending, Level>> = {
  completed: 'DEFAULT',
  running: 'DEFAULT',
  client_closed: 'WARNING',
  truncated: 'WARNING',
  upstream_error: 'ERROR',
  error_in_stream: 'ERROR',
  upstream_closed: 'ERROR',
  timed_out: 'ERROR',
  process_died: 'ERROR',
}

export const levelOf = (ending: Ending): Level => levels[ending] ?? 'DEFAULT'

const severity: Readonly<Record<Level, number>> = { DEFAULT: 0, WARNING: 1, ERROR: 2 }

export const worse = (a: Level, b: Level): Level => (severity[a] >= severity[b] ? a : b)
