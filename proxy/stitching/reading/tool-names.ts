import { isJsonObject, type Json } from '../../../shared/json.ts'

/**
 * @param tools definitions of any API
 * @returns names without duplicates; of tools without a name, such as the provider's own, their types
 */
export function toolNames(tools: readonly Json[]): readonly string[] {
  const names = tools.flatMap((tool) => {
    if (!isJsonObject(tool)) return []
    const declared = [tool.function, tool.custom].find(isJsonObject) ?? tool
    const name = declared.name ?? tool.server_label ?? tool.type
    return typeof name === 'string' ? [name] : []
  })
  return [...new Set(names)]
}
