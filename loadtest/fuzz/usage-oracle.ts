// What may be missing of a stream that we asked for its usage, found out in another way than the product does:
// line by line, as the standard reads a stream (html.spec.whatwg.org, section 9.2.6).

/** Keys of a frame that say nothing but which answer it belongs to and what it cost. */
const envelope =
  /^(id|object|created|model|choices|usage|system_fingerprint|service_tier|obfuscation|provider|timings|latency_checkpoint|sla_metrics)$/

export type Explained = {
  /** Usage frames that are missing. */
  readonly cut: number
  /** Usage frames that are still there. */
  readonly left: number
}

type Block = { readonly lines: readonly string[] }

/**
 * Explains what a client got by what the upstream sent, without some of its usage frames.
 * @param isWhole false where only a beginning was to be expected
 * @returns undefined where more than usage frames must have been cut, or bytes were changed
 */
export function explainByCuts(sent: Buffer, got: Buffer, isWhole: boolean): Explained | undefined {
  const wanted = got.toString('latin1')
  let at = 0
  let cut = 0
  let left = 0
  for (const { lines } of blocksOf(sent.toString('latin1'))) {
    const text = lines.join('')
    const isUsage = isUsageBlock(lines)
    const here = wanted.slice(at, at + text.length)
    if (here === text) {
      at += text.length
      if (isUsage) left++
      continue
    }
    const beside = isUsage ? besides(lines) : text
    if (isUsage && wanted.startsWith(beside, at)) {
      at += beside.length
      cut++
      // CR CR LF may be read as a blank line and an empty one, of which the latter stays and says nothing.
      if (text.endsWith('\r\r\n') && wanted[at] === '\n') at++
      continue
    }
    // A beginning may end within a block.
    return !isWhole && at + here.length === wanted.length && text.startsWith(here) ? { cut, left } : undefined
  }
  return at === wanted.length ? { cut, left } : undefined
}

/** Lines with their ends, up to and with a blank one. */
function blocksOf(text: string): Block[] {
  const blocks: { lines: string[] }[] = [{ lines: [] }]
  for (const [line] of text.matchAll(/[^\r\n]*(\r\n|\n|\r)|[^\r\n]+$/g)) {
    blocks.at(-1)?.lines.push(line)
    if (/^[\r\n]/.test(line)) blocks.push({ lines: [] })
  }
  return blocks
}

/** What stays of a usage frame: the comments in it. */
const besides = (lines: readonly string[]): string => lines.filter((line) => line.startsWith(':')).join('')

function isUsageBlock(lines: readonly string[]): boolean {
  const data = lines.flatMap((line) => /^(?:\xef\xbb\xbf)?data: ?(.*?)[\r\n]*$/.exec(line)?.[1] ?? [])
  try {
    const frame: unknown = JSON.parse(Buffer.from(data.join('\n'), 'latin1').toString('utf8'))
    if (typeof frame !== 'object' || frame === null || !('usage' in frame) || !('choices' in frame))
      return false
    const saysMore = Object.entries(frame).some(([key, value]) => value !== null && !envelope.test(key))
    const { choices, usage } = frame
    return (
      Array.isArray(choices) &&
      choices.length === 0 &&
      typeof usage === 'object' &&
      usage !== null &&
      !saysMore
    )
  } catch {
    return false
  }
}
