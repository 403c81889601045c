// Which usage frames were removed from a stream, computed independently of the product's code: line by line, as
// the standard parses a stream (html.spec.whatwg.org, section 9.2.6).

/** Members of a frame that only identify the response and its usage. */
const envelope =
  /^(id|object|created|model|choices|usage|system_fingerprint|service_tier|obfuscation|provider|timings|latency_checkpoint|sla_metrics)$/

export type RemovedUsage = {
  /** Number of usage frames removed. */
  readonly removed: number
  /** Number of usage frames still in the stream. */
  readonly remaining: number
}

type Block = { readonly lines: readonly string[] }

/**
 * Explains the bytes a client received as the bytes sent without some of their usage frames.
 * @param isComplete false when the client may have received only a prefix
 * @returns undefined when anything but usage frames is missing, or bytes were changed
 */
export function explainByRemovedUsage(
  sent: Buffer,
  got: Buffer,
  isComplete: boolean,
): RemovedUsage | undefined {
  const received = got.toString('latin1')
  let at = 0
  let removed = 0
  let remaining = 0
  for (const { lines } of blocksOf(sent.toString('latin1'))) {
    const text = lines.join('')
    const isUsage = isUsageBlock(lines)
    const actual = received.slice(at, at + text.length)
    if (actual === text) {
      at += text.length
      if (isUsage) remaining++
      continue
    }
    const rest = isUsage ? commentsIn(lines) : text
    if (isUsage && received.startsWith(rest, at)) {
      at += rest.length
      removed++
      // CR CR LF may be parsed as a blank line and an empty one; the latter stays, without meaning.
      if (text.endsWith('\r\r\n') && received[at] === '\n') at++
      continue
    }
    // A prefix may end within a block.
    return !isComplete && at + actual.length === received.length && text.startsWith(actual)
      ? { removed, remaining }
      : undefined
  }
  return at === received.length ? { removed, remaining } : undefined
}

/** Lines including their line ends, each block up to and including a blank line. */
function blocksOf(text: string): Block[] {
  const blocks: { lines: string[] }[] = [{ lines: [] }]
  for (const [line] of text.matchAll(/[^\r\n]*(\r\n|\n|\r)|[^\r\n]+$/g)) {
    blocks.at(-1)?.lines.push(line)
    if (/^[\r\n]/.test(line)) blocks.push({ lines: [] })
  }
  return blocks
}

/** Comments stay when their usage frame is removed. */
const commentsIn = (lines: readonly string[]): string => lines.filter((line) => line.startsWith(':')).join('')

function isUsageBlock(lines: readonly string[]): boolean {
  const data = lines.flatMap((line) => /^(?:\xef\xbb\xbf)?data: ?(.*?)[\r\n]*$/.exec(line)?.[1] ?? [])
  try {
    const frame: unknown = JSON.parse(Buffer.from(data.join('\n'), 'latin1').toString('utf8'))
    if (typeof frame !== 'object' || frame === null || !('usage' in frame) || !('choices' in frame))
      return false
    const hasOtherMembers = Object.entries(frame).some(
      ([key, value]) => value !== null && !envelope.test(key),
    )
    const { choices, usage } = frame
    return (
      Array.isArray(choices) &&
      choices.length === 0 &&
      typeof usage === 'object' &&
      usage !== null &&
      !hasOtherMembers
    )
  } catch {
    return false
  }
}
