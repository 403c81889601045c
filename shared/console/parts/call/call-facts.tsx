import type { CallDetail } from '../../../admin/call-store.ts'
import { factsOf } from '../../../presentation/facts.ts'
import { shortenedText } from '../../../presentation/shortened-text.ts'
import { Facts } from '../facts.tsx'

/** Characters shown of one fact: metadata and settings may be long. The raw record has all. */
const shownCharacters = 1_000

/** All that is known of a call beside what was said: the lines of `threadtap call`. */
export function CallFacts({ call, now }: { readonly call: CallDetail; readonly now: number }) {
  const facts = factsOf(call, now).map(
    ([label, text]) => [sentenceCase(label), text && shortenedText(text, shownCharacters)] as const,
  )
  return <Facts facts={facts} />
}

const sentenceCase = (label: string): string => label.charAt(0) + label.slice(1).toLowerCase()
