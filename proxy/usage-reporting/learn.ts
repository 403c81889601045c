import { isAltered, type StreamFrames } from './frame-shape.ts'
import type { LearnedReporting } from './reporting.ts'

/** What one streamed call says of how its upstream reports usage. */
export type StreamEvidence = {
  /**
   * Whether the request that the upstream answered asked for usage: `declined` where its client said no, `rejected` where
   * it was sent again without what the relay had added.
   */
  readonly request: 'asked' | 'silent' | 'declined' | 'rejected'
  /** True where the upstream answered with success. */
  readonly succeeded: boolean
  /** True where all of a stream was read, to its end. */
  readonly complete: boolean
  /** True where it reported usage, in whatever frame. */
  readonly reportsUsage: boolean
  readonly frames: StreamFrames
  /** What else was asked of it: frames of other requests may differ for other reasons. */
  readonly parameters: string
}

/**
 * Decides how an upstream reports usage. What it sent to a client that did not ask weighs most; a stream that was asked
 * for its usage says only whether asking does harm, and that only beside one that was not.
 * @param known what was known before
 * @returns undefined where the call says nothing
 */
export function learn(
  evidence: StreamEvidence,
  known: LearnedReporting | undefined,
): Pick<LearnedReporting, 'reporting' | 'plain'> | undefined {
  const { request, succeeded, complete, reportsUsage, frames, parameters } = evidence

  if (request === 'rejected' && !reportsUsage) return succeeded ? { reporting: 'rejects_option' } : undefined
  if (!complete) return undefined
  if (request === 'asked') return harmOf(evidence, known) ? { reporting: 'alters_frames' } : undefined
  if (reportsUsage) return { reporting: 'unsolicited' }
  // A gateway may send usage for some of its models' servers alone: what did so once is not asked until that expires.
  if (request === 'declined' || (known !== undefined && known.reporting !== 'on_request')) return undefined
  const { shape } = frames
  return { reporting: 'on_request', ...(shape !== undefined && { plain: { shape, parameters } }) }
}

/** Where nothing is known of streams that were not asked, nothing differs from them. */
function harmOf({ frames, parameters }: StreamEvidence, known: LearnedReporting | undefined): boolean {
  if (known?.reporting !== 'on_request') return false
  const { showsUsage, shape } = frames
  const { plain } = known
  if (showsUsage || shape === undefined || plain === undefined) return showsUsage
  return plain.parameters === parameters && isAltered(shape, plain.shape)
}
