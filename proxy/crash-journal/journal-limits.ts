export type JournalLimits = {
  /** What closes a file. */
  readonly fileBytes: number
  /** Bytes of closed files, from which on what is still needed of them is carried over into one. */
  readonly carryAtBytes: number
  /** Of that one; beyond it bodies are left out. */
  readonly carriedMaxBytes: number
  /** Frames in memory: beyond it bodies are left out, and at the double of it the journal begins anew. */
  readonly waitingMaxBytes: number
}

export const defaultJournalLimits: JournalLimits = {
  fileBytes: 4_194_304,
  carryAtBytes: 16_777_216,
  carriedMaxBytes: 16_777_216,
  waitingMaxBytes: 8_388_608,
}
