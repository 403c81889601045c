import { comparableJson } from './comparable-text.ts'
import type { KeyedHash } from './keyed-hash.ts'
import type { Block } from './reading/conversation.ts'
import { digestOf, type TextDigest } from './text-digest.ts'
import { isUniqueId } from './tool-id.ts'

/** What a turn of the model shows of the call that made it: keys of the index. Made when they are asked for. */
export type ModelTurn = {
  /** Hash of what comes before it. */
  readonly prefix: string
  /** Of calls that what comes next has results of; without any result, of all. */
  readonly uniqueTools: readonly string[]
  /** The same for ids that are unique within their run at best: together with the prefix. */
  readonly plainTools: readonly string[]
  readonly items: readonly string[]
  /** Prefix and answer. */
  readonly answers: readonly string[]
  /** Where nothing else fits: a short answer of the same model with the same instructions; in a session also none. */
  readonly lastResorts: readonly string[]
  /** It said something, too short to tell it from others. */
  readonly isShort: boolean
}

export type TurnContext = {
  readonly scope: string
  readonly prefix: string
  /** Model and instructions. */
  readonly setting: string
  /** The caller named the session: little else can be meant. */
  readonly isLenient: boolean
  /** What came before it is long enough to be rare. */
  readonly isTelling: () => boolean
}

/** Shorter answers ("ok") are given by many. */
const minAnswerLength = 16

/** @param next what the client said after it */
export function modelTurn(
  hash: KeyedHash,
  context: TurnContext,
  block: Block,
  next: Block | undefined,
): ModelTurn {
  const { scope, prefix, setting, isLenient, isTelling } = context
  const named = askedTools(block, next)
  let texts: readonly TextDigest[] | undefined
  const all = (): readonly TextDigest[] => {
    texts ??= answerTexts(block)
    return texts
  }
  const long = (): readonly TextDigest[] =>
    isLenient ? all() : all().filter(({ length }) => length >= minAnswerLength)
  const isShort = (): boolean => all().length > 0 && long().length === 0
  return {
    prefix,
    get uniqueTools() {
      return named.filter(({ id, name }) => isUniqueId(id, name)).map(({ id }) => hash(scope, 'tool', id))
    },
    get plainTools() {
      return named.filter(({ id, name }) => !isUniqueId(id, name)).map(({ id }) => hash(prefix, 'tool', id))
    },
    get items() {
      return block.keys.map((key) => hash(scope, 'item', key))
    },
    get answers() {
      return long().map(({ digest }) => hash(prefix, 'answer', digest))
    },
    get lastResorts() {
      const short =
        isShort() && isTelling() ? all().map(({ digest }) => hash(prefix, setting, 'short', digest)) : []
      return isLenient ? [...short, hash(prefix, setting, 'unanswered')] : short
    },
    get isShort() {
      return isShort()
    },
  }
}

/** Results without the turn that asked for them, as they come where only the id of a response stands for it. */
export function resultsTurn(hash: KeyedHash, scope: string, { results }: Block): ModelTurn {
  const ids = results.flatMap(({ id }) => id ?? []).filter((id) => isUniqueId(id, ''))
  const uniqueTools = ids.map((id) => hash(scope, 'tool', id))
  return { prefix: '', uniqueTools, plainTools: [], items: [], answers: [], lastResorts: [], isShort: false }
}

type NamedTool = { readonly id: string; readonly name: string }

function askedTools({ calls }: Block, next: Block | undefined): readonly NamedTool[] {
  const named = calls.flatMap(({ id, name }) => (id === undefined ? [] : [{ id, name }]))
  const answered = new Set(next?.results.flatMap(({ id }) => id ?? []))
  const asked = named.filter(({ id }) => answered.has(id))
  return asked.length > 0 ? asked : named
}

/** The texts of an answer that tell it from others: all of it, its parts, and calls that no id of their own names. */
function answerTexts({ texts, calls }: Block): readonly TextDigest[] {
  const nameless = calls.filter(({ id, name }) => id === undefined || !isUniqueId(id, name))
  const called = nameless.map(({ name, arguments: args }) => `${name}(${comparableJson(args)})`)
  const whole = digestOf(texts, 'words')
  const parts = texts.length > 1 ? texts.map((text) => digestOf([text], 'words')) : []
  const all = [whole, ...parts, digestOf(called)].filter(({ length }) => length > 0)
  return [...new Map(all.map((text) => [text.digest, text])).values()]
}
