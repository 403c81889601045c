import { StringDecoder } from 'node:string_decoder'
import { lengthOf } from '../capture/lengths.ts'
import { type Allowance, GrowingText } from '../capture/text.ts'
import { typedValue } from './field-types.ts'
import type { FormPart } from './part.ts'

/** A field of text, kept as far as the allowance goes. It is UTF-8 where nothing is said (RFC 7578 §5.1). */
export function textPart(name: string, allowance: Allowance): FormPart {
  const decoder = new StringDecoder('utf8')
  const text = new GrowingText()
  let whole = false

  return {
    get whole() {
      return whole
    },
    push(bytes) {
      text.add(decoder.write(bytes), allowance)
    },
    end() {
      text.add(decoder.end(), allowance)
      whole = true
    },
    value(content) {
      const value = typedValue(name, text.toString())
      return content === 'lengths' && typeof value === 'string' ? lengthOf(text) : value
    },
  }
}
