const minLength = 12
const minOwnCharacters = 8

/**
 * True where an id is unique beyond its run: long, and more than a number beside the tool's name. Some providers and
 * adapters number calls (`call_0`, `functions.get_weather:0`), others repeat the name of the tool.
 */
export function isUniqueId(id: string, toolName: string): boolean {
  if (id.length < minLength) return false
  const own = (toolName === '' ? id : id.replaceAll(toolName, ''))
    .replace(/functions?|call|toolu|tool|chatcmpl/gi, '')
    .replace(/[^0-9a-z]/gi, '')
  return own.length >= minOwnCharacters
}
