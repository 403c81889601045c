import { StringDecoder } from 'node:string_decoder'
import type { ByteAllowance } from '../capture/byte-allowance.ts'
import { GrowingText } from '../capture/growing-text.ts'
import { lengthMark } from '../capture/text-lengths.ts'
import { typedValue } from './field-types.ts'
import type { FormPart } from './part.ts'

/** A text field, kept within the allowance. It is UTF-8 where no charset is given (RFC 7578 §5.1). */
export function textPart(name: string, allowance: ByteAllowance): FormPart {
  const decoder = new StringDecoder('utf8')
  const text = new GrowingText()
  let complete = false

  return {
    get complete() {
      return complete
    },
    push(bytes) {
      text.addDelta(decoder.write(bytes), allowance)
    },
    end() {
      text.addDelta(decoder.end(), allowance)
      complete = true
    },
    value(content) {
      const value = typedValue(name, text.toString())
      return content === 'lengths' && typeof value === 'string' ? lengthMark(text) : value
    },
  }
}
