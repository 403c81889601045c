import type { Json, JsonObject } from '../../../shared/json.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Choice } from '../../../shared/record/output.ts'
import type { ByteAllowance } from '../capture/byte-allowance.ts'
import { addDelta, addSnapshot, type GrowingText } from '../capture/growing-text.ts'
import { boundedName } from '../capture/text.ts'
import type { AnswerMedia } from './answer-media.ts'
import { createLogprobs } from './logprobs.ts'
import { createMessage } from './message.ts'

/** One choice of a chat or text completion, while its events come in. */
export type GrowingChoice = {
  /** Adds a `delta`. @returns true when it carried something the model generated */
  addDelta(delta: JsonObject): boolean
  /** Adds a `message`, a snapshot of the whole choice: of a response that is not streamed, or repeating deltas. */
  addSnapshot(message: JsonObject): boolean
  addText(delta: string): boolean
  /** Keeps the last snapshot that came beside deltas, for what they do not carry. */
  keepSnapshot(message: JsonObject): void
  addLogprobs(logprobs: Json | undefined): void
  /** The last reason that is not null wins: some providers repeat it on later chunks. */
  finish(reason: Json | undefined): void
  isFinished(): boolean
  /** What grows with deltas, in the order in which models write it. */
  texts(): readonly GrowingText[]
  /** @param citations of the whole response; they are appended to the annotations */
  read(citations?: readonly Json[]): Choice
}

export function createChoice(index: number, allowance: ByteAllowance, media?: AnswerMedia): GrowingChoice {
  const message = createMessage(allowance, media)
  const logprobs = createLogprobs(allowance)
  let finishReason: string | undefined
  let keptSnapshot: JsonObject | undefined

  return {
    addDelta: (delta) => message.add(delta, addDelta),
    addSnapshot: (snapshot) => message.add(snapshot, addSnapshot),
    addText: message.addText,
    keepSnapshot(snapshot) {
      keptSnapshot = snapshot
    },
    addLogprobs: logprobs.add,
    finish(reason) {
      finishReason = boundedName(reason) ?? finishReason
    },
    isFinished: () => finishReason !== undefined,
    texts: message.texts,
    read(citations = []) {
      if (keptSnapshot !== undefined) message.fill(keptSnapshot)
      return {
        index,
        ...message.read(citations),
        ...omitUndefined({ logprobs: logprobs.read(), finishReason }),
      }
    },
  }
}
