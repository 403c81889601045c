/** Follows a JSON text that arrives in deltas. */
export type JsonCompletion = {
  add(delta: string): void
  /** True once the object or list that the text began with has been closed. */
  readonly isComplete: boolean
}

/** Scans each delta once: parsing the whole text again at each delta takes quadratic time. */
export function createJsonCompletion(): JsonCompletion {
  let depth = 0
  let opened = false
  let inString = false
  let escaped = false

  function scan(character: string | undefined): void {
    if (escaped) escaped = false
    else if (inString) {
      if (character === '"') inString = false
      else escaped = character === '\\'
    } else if (character === '"') inString = true
    else if (character === '{' || character === '[') {
      opened = true
      depth += 1
    } else if (character === '}' || character === ']') depth -= 1
  }

  return {
    add(delta) {
      for (let at = 0; at < delta.length; at += 1) scan(delta[at])
    },
    get isComplete() {
      return opened && depth <= 0
    },
  }
}
