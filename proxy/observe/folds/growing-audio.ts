import type { GrowingMedium } from '../capture/media-capture.ts'
import type { AnswerMedia } from './answer-media.ts'

/** Sound that arrives as base64. */
export type GrowingAudio = {
  addDelta(base64: string): void
  /** Takes a text that is whole, in the place of what has come. */
  addWhole(base64: string): void
  /** @returns what it is, once; undefined where there was none */
  read(): ReturnType<GrowingMedium['end']> | undefined
}

export function createGrowingAudio({ grow, audioType }: AnswerMedia): GrowingAudio {
  let medium: GrowingMedium | undefined
  let undecoded = ''
  let described: ReturnType<GrowingMedium['end']> | undefined

  function addDelta(base64: string): void {
    medium ??= grow()
    const text = undecoded + base64
    // Four characters are three bytes, and a delta may end between them.
    const end = text.length - (text.length % 4)
    undecoded = text.slice(end)
    medium.push(Buffer.from(text.slice(0, end), 'base64'))
  }

  return {
    addDelta,
    addWhole(base64) {
      medium = undefined
      undecoded = ''
      addDelta(base64)
    },
    read() {
      if (medium !== undefined && undecoded !== '') medium.push(Buffer.from(undecoded, 'base64'))
      if (medium !== undefined) described = medium.end(audioType)
      medium = undefined
      return described
    },
  }
}
