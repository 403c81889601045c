import type { Json } from '../json.ts'

/** What the model returned. */
export type Output =
  /** Of Chat Completions and completions: every choice. */
  | { readonly kind: 'choices'; readonly choices: readonly Choice[] }
  /** The Responses API's output items: those of the terminal event, or as many as arrived without one. */
  | {
      readonly kind: 'items'
      readonly items: readonly Json[]
      /** `completed`, or the reason why the response is incomplete. */
      readonly finishReason?: string
    }
  /** A message of Anthropic's Messages API: its content blocks in the provider's shape, as many as arrived. */
  | {
      readonly kind: 'message'
      readonly content: readonly Json[]
      readonly role?: string
      /** The `stop_reason`: `end_turn`, `tool_use`, `refusal`, ... */
      readonly finishReason?: string
      /** The sequence that ended it, where `finishReason` is `stop_sequence`. */
      readonly stopSequence?: string
      /** Why a refusal was one, as the provider explains it. */
      readonly stopDetails?: Json
    }
  /** Of embeddings: how many there are, and how long. The vectors are not kept. */
  | {
      readonly kind: 'vectors'
      readonly count: number
      readonly dimensions?: number
      readonly encoding?: string
    }
  | {
      readonly kind: 'moderation'
      readonly flagged: boolean
      /** Number of judgements, one per input; where not all are kept, flagged ones are preferred. */
      readonly count: number
      readonly judgements: readonly Judgement[]
    }
  /** Of a rerank: how many documents were ranked, and the best of them. */
  | { readonly kind: 'ranking'; readonly count: number; readonly best: readonly RankedDocument[] }
  | {
      readonly kind: 'text'
      readonly text: string
      /** Of a transcript: length of the audio. */
      readonly seconds?: number
      /** Of a transcript: the language spoken. */
      readonly language?: string
      readonly segments?: readonly SpokenSegment[]
    }
  | {
      readonly kind: 'images'
      readonly count: number
      readonly pictures: readonly Picture[]
      /** As the provider names it: `png`. */
      readonly format?: string
      /** As the provider names it: `1024x1024`. */
      readonly size?: string
    }
  /** Any other JSON. */
  | { readonly kind: 'json'; readonly value: Json }
  /** A body that is not text: described by type, size and hash only. */
  | { readonly kind: 'media'; readonly mediaType: string; readonly bytes: number; readonly sha256?: string }

export type Choice = {
  readonly index: number
  readonly role?: string
  readonly content?: Json
  readonly reasoning?: string
  readonly refusal?: string
  readonly toolCalls?: readonly ToolCall[]
  readonly audioTranscript?: string
  /** Note of the audio of an answer, where its bytes are kept beside the record (media.ts). */
  readonly audio?: string
  readonly annotations?: readonly Json[]
  /** Tools that the provider ran itself, with their results (Groq). */
  readonly executedTools?: readonly Json[]
  readonly logprobs?: Json
  readonly finishReason?: string
}

/** `arguments` is what the model wrote, valid JSON or not. */
export type ToolCall = { readonly id?: string; readonly name: string; readonly arguments: string }

/** A moderation's result for one input: the categories that apply, and the highest scores, from 0 to 1. */
export type Judgement = {
  readonly index: number
  readonly flagged: boolean
  readonly categories: readonly string[]
  readonly highestScores: Readonly<Record<string, number>>
}

export type RankedDocument = { readonly index: number; readonly score: number }

/** A segment of a transcript; times in seconds from the beginning of the audio. */
export type SpokenSegment = {
  readonly start?: number
  readonly end?: number
  readonly speaker?: string
  readonly text: string
}

/** A generated image: described by size and hash, or by its URL. */
export type Picture = {
  readonly mediaType?: string
  readonly bytes?: number
  readonly sha256?: string
  readonly url?: string
  readonly revisedPrompt?: string
}
