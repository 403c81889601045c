/** What one check of `threadtap doctor` found. */
export type ExaminedPart = {
  readonly name: string
  readonly state: 'ok' | 'not ok' | 'not used'
  /** The result in a few words. */
  readonly summary: string
  /** What to type. */
  readonly remedy?: string
}

/** Asks what this process talks to whether it works. Takes seconds where a server does not answer; never rejects. */
export type Examine = () => Promise<readonly ExaminedPart[]>
