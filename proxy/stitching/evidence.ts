import { comparableJson } from './comparable-text.ts'
import type { KeyedHash } from './keyed-hash.ts'
import { type ModelTurn, modelTurn, resultsTurn } from './model-turn.ts'
import { contentTexts } from './reading/content-texts.ts'
import type { Answer, Block, Conversation } from './reading/conversation.ts'
import { digestOf } from './text-digest.ts'

/** Characters that must come before a short answer for the two together to be rare. */
const minPrefixLength = 10

/** What a request shows of the call that it follows: keys of the index, which hold nothing but hashes. */
export type RequestEvidence = {
  readonly previousResponse?: string
  readonly conversation?: string
  /** What the model said in its history, newest first. */
  readonly turns: readonly ModelTurn[]
  /** Hash of all that the request holds of the conversation. */
  readonly prefix: string
  /** Hash of model and instructions. */
  readonly setting: string
  /** Hash of instructions, tools and conversation. */
  readonly request: string
}

/** Turns that are looked up in the memory of other processes. */
const maxSearchedTurns = 3

/** Keys made for one call; few tools are called with more texts that a sub-agent would begin with. */
const maxArgumentKeys = 8

/** Turns of a history that are looked at; older ones are hashed all the same. */
const maxTurns = 16

export type EvidenceReader = ReturnType<typeof createEvidenceReader>

/** Turns what was said into keys. */
export function createEvidenceReader(hash: KeyedHash) {
  const requestKey = ({ request }: RequestEvidence): string => hash(request, 'request')

  return {
    ofRequest(scope: string, conversation: Conversation, isLenient: boolean): RequestEvidence {
      const { previousResponseId, conversationId, agent, model } = conversation
      const prefixes = prefixesOf(hash, scope, conversation)
      const setting = hash(model, digestOf([agent.system], 'steady').digest)
      const prefix = prefixes.at(-1) as string
      return {
        ...(previousResponseId !== undefined && {
          previousResponse: hash(scope, 'response', previousResponseId),
        }),
        ...(conversationId !== undefined && { conversation: hash(scope, 'conversation', conversationId) }),
        turns: turnsOf(hash, conversation, { scope, prefixes, setting, isLenient }),
        prefix,
        setting,
        request: hash(prefix, digestOf([agent.system]).digest, ...agent.tools),
      }
    },

    /** @returns the keys under which a call is found */
    ofAnswer(scope: string, request: RequestEvidence, answer: Answer): readonly string[] {
      const { conversation, prefix, setting } = request
      const context = { scope, prefix, setting, isLenient: false, isTelling: () => true }
      const keys = answer.blocks.flatMap((block) => keysOf(modelTurn(hash, context, block, undefined)))
      // It failed, or is still being made; clients go on all the same, with what they make of it.
      if (keys.length === 0) keys.push(hash(prefix, setting, 'unanswered'))
      if (answer.responseId !== undefined) keys.push(hash(scope, 'response', answer.responseId))
      if (conversation !== undefined) keys.push(conversation)
      return [...keys, requestKey(request)]
    },

    /**
     * @param prefix of the request that is answered
     * @returns the keys under which a call is found, too, once its answer is known
     */
    ofLaterAnswer(scope: string, prefix: string, answer: Answer): readonly string[] {
      const context = { scope, prefix, setting: '', isLenient: false, isTelling: () => false }
      return answer.blocks.flatMap((block) => keysOf(modelTurn(hash, context, block, undefined)))
    },

    /** @returns the keys under which the call may be that a request follows, of its newest turns, or that it repeats */
    searchKeys(request: RequestEvidence): readonly string[] {
      const { previousResponse, conversation, turns } = request
      const named = [previousResponse, conversation].filter((key) => key !== undefined)
      const shown = turns.slice(0, maxSearchedTurns).flatMap(keysOf)
      return [...new Set([...named, ...shown, requestKey(request)])]
    },

    requestKey,
    /**
     * The keys under which a call is found whose tools were called with a text.
     * @param wholes as traces of texts have them
     */
    argumentKeys: (scope: string, wholes: readonly string[]): readonly string[] =>
      [...new Set(wholes)].slice(0, maxArgumentKeys).map((whole) => hash(scope, 'argument', whole)),
    toolId: (scope: string, id: string): string => hash(scope, 'tool', id),
  }
}

/** @returns for each block the hash of all before it, and that of all */
function prefixesOf(hash: KeyedHash, scope: string, conversation: Conversation): readonly string[] {
  const { blocks, previousResponseId = '', conversationId = '' } = conversation
  const prefixes = [hash(scope, 'begin', previousResponseId, conversationId)]
  for (const block of blocks) prefixes.push(hash(prefixes.at(-1) as string, contentOf(block)))
  return prefixes
}

type TurnsOptions = {
  readonly scope: string
  readonly prefixes: readonly string[]
  readonly setting: string
  readonly isLenient: boolean
}

/** @returns what the model said in a history, newest first */
function turnsOf(
  hash: KeyedHash,
  { blocks }: Conversation,
  { scope, prefixes, setting, isLenient }: TurnsOptions,
): readonly ModelTurn[] {
  const turns: ModelTurn[] = []
  for (let at = blocks.length - 1; at >= 0 && turns.length < maxTurns; at--) {
    const block = blocks[at] as Block
    if (block.by !== 'model') continue
    const context = { scope, prefix: prefixes[at] as string, setting, isLenient }
    const isTellingHere = (): boolean => isTelling(blocks.slice(0, at))
    turns.push(modelTurn(hash, { ...context, isTelling: isTellingHere }, block, blocks[at + 1]))
  }
  // Results of a response that only its id stands for.
  const [first] = blocks
  if (first?.by === 'client' && first.results.length > 0) turns.push(resultsTurn(hash, scope, first))
  return turns
}

const keysOf = ({ uniqueTools, plainTools, items, answers, lastResorts }: ModelTurn): string[] => [
  ...[...uniqueTools, ...plainTools, ...items, ...answers],
  ...lastResorts,
]

/** What clients send back as they got it; ids and signatures of items may be left out of it. */
function contentOf({ by, texts, calls, results }: Block): string {
  const asked = calls.map(({ id, name, arguments: args }) => `${id ?? comparableJson(args)} ${name}`)
  const brought = results.map(({ id = '', content }) => `${id} ${digestOf(contentTexts(content)).digest}`)
  return [by, digestOf(texts).digest, ...asked, ...brought].join('\n')
}

/** True where what came before a short answer is long enough to be rare. */
function isTelling(blocks: readonly Block[]): boolean {
  let length = 0
  for (const { texts, results } of blocks) {
    if (results.length > 0) return true
    for (const text of texts) length += digestOf([text.slice(0, 100)]).length
    if (length >= minPrefixLength) return true
  }
  return false
}
