import type { Config } from '../../shared/config/load.ts'

/** Whether bodies may stand on disk as they are: CAPTURE_CONTENT keeps all of them, and REDACT replaces nothing. */
export const mayJournalBodies = ({
  captureContent,
  redact: { sets, patterns },
}: Pick<Config, 'captureContent' | 'redact'>): boolean =>
  captureContent === 'full' && sets.length === 0 && patterns.length === 0
