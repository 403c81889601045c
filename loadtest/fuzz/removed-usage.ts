// Which usage frames were removed from a stream, computed independently of the product's code: line by line, as
// the standard parses a stream (html.spec.whatwg.org, section 9.2.6).

/** Members that say something to a client: a frame with one of them is no usage frame. */
const content =
  /^(annotations|citations|content|content_filter_results|delta|error|images|message|output|prompt_filter_results|reasoning|reasoning_content|related_questions|search_results|text|tool_calls|web_search)$/

/** Members that a frame without choices may have, unless it says that it is a chunk of a completion. */
const envelope =
  /^(id|object|created|model|usage|system_fingerprint|service_tier|obfuscation|provider|timings)$/

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
    if (typeof frame !== 'object' || frame === null || !('usage' in frame)) return false
    if (typeof frame.usage !== 'object' || frame.usage === null || Array.isArray(frame.usage)) return false
    if ('choices' in frame && !isNothing(frame.choices)) return false
    const isChunk =
      'choices' in frame ||
      ('object' in frame && /^(chat\.completion|text_completion)/.test(String(frame.object)))
    return Object.entries(frame).every(
      ([key, value]) => isNothing(value) || (isChunk ? !content.test(key) : envelope.test(key)),
    )
  } catch {
    return false
  }
}

const isNothing = (value: unknown): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0)
