import type { Config } from '../../shared/config/load.ts'

/**
 * What of calls may stand on disk as it is: bodies where CAPTURE_CONTENT keeps all of them, and header fields, where REDACT
 * replaces nothing.
 */
export type MayJournal = { readonly bodies: boolean; readonly headers: boolean }

export function mayJournal({
  captureContent,
  redact: { sets, patterns },
}: Pick<Config, 'captureContent' | 'redact'>): MayJournal {
  const headers = sets.length === 0 && patterns.length === 0
  return { headers, bodies: headers && captureContent === 'full' }
}
