import type { Json } from '../json.ts'

/** What the model gave back. */
export type Output =
  | { readonly kind: 'choices'; readonly choices: readonly Choice[] }
  /** The Responses API's list of output items, as the terminal event gave them or as far as they came. */
  | {
      readonly kind: 'items'
      readonly items: readonly Json[]
      /** Why the model stopped: `completed`, or the reason why the response is incomplete. */
      readonly finishReason?: string
    }
  | {
      readonly kind: 'vectors'
      readonly count: number
      readonly dimensions?: number
      readonly encoding?: string
    }
  | {
      readonly kind: 'moderation'
      readonly flagged: boolean
      /** Of judgements, one per input; those that were flagged are kept first. */
      readonly count: number
      readonly judgements: readonly Judgement[]
    }
  | { readonly kind: 'ranking'; readonly count: number; readonly best: readonly RankedDocument[] }
  | {
      readonly kind: 'text'
      readonly text: string
      /** Of speech: how long the sound is, what is spoken, and by whom when. */
      readonly seconds?: number
      readonly language?: string
      readonly segments?: readonly SpokenSegment[]
    }
  | {
      readonly kind: 'images'
      readonly count: number
      readonly pictures: readonly Picture[]
      /** As the provider names them: `png`, `1024x1024`. */
      readonly format?: string
      readonly size?: string
    }
  | { readonly kind: 'json'; readonly value: Json }
  /** A body that is not text: told by its type, size and hash only. */
  | { readonly kind: 'media'; readonly mediaType: string; readonly bytes: number; readonly sha256?: string }

export type Choice = {
  readonly index: number
  readonly role?: string
  readonly content?: Json
  readonly reasoning?: string
  readonly refusal?: string
  readonly toolCalls?: readonly ToolCall[]
  /** Spoken answer: its transcript; the sound itself is not kept. */
  readonly audioTranscript?: string
  readonly annotations?: readonly Json[]
  /** Tools that the provider ran itself, with what they gave (Groq). */
  readonly executedTools?: readonly Json[]
  readonly logprobs?: Json
  readonly finishReason?: string
}

/** `arguments` is the text that the model wrote, valid JSON or not. */
export type ToolCall = { readonly id?: string; readonly name: string; readonly arguments: string }

/** What a moderation found in one input: the categories that hold, and its highest scores, from 0 to 1. */
export type Judgement = {
  readonly index: number
  readonly flagged: boolean
  readonly categories: readonly string[]
  readonly highestScores: Readonly<Record<string, number>>
}

export type RankedDocument = { readonly index: number; readonly score: number }

/** A part of speech; times in seconds from its beginning. */
export type SpokenSegment = {
  readonly start?: number
  readonly end?: number
  readonly speaker?: string
  readonly text: string
}

/** A made picture: told by size and hash, or by where it is. */
export type Picture = {
  readonly mediaType?: string
  readonly bytes?: number
  readonly sha256?: string
  readonly url?: string
  readonly revisedPrompt?: string
}
