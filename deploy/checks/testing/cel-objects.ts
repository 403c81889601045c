/**
 * Rewrites the object constructors of an admission policy (`Object.spec.volumes{name: "a"}`, `JSONPatch{op: "add"}`) as
 * maps (`{"name": "a"}`), which every evaluator of CEL knows; and checks what only the API server checks otherwise: the
 * type of a field is named after its place.
 * @throws where it is not
 */
export function constructorsToMaps(expression: string): string {
  const open: { readonly type?: string; field?: string }[] = []
  return expression.replace(
    token,
    (text, name: string | undefined, brace: string | undefined, field?: string) => {
      const outer = open.findLast(({ type }) => type !== undefined)
      if (name !== undefined && brace !== undefined) {
        if (outer?.type?.startsWith('Object') && name !== `${outer.type}.${outer.field}`)
          throw new Error(`${outer.field} of ${outer.type} is given a ${name}`)
        open.push({ type: name })
        return '{'
      }
      if (field !== undefined) {
        const inner = open.at(-1)
        if (inner?.type === undefined) return text
        inner.field = field
        return `"${field}":`
      }
      if (text === '{') open.push({})
      if (text === '}') open.pop()
      return text
    },
  )
}

// Strings; a constructor with its brace; a field's name before its colon; single braces.
const token = /"(?:[^"\\]|\\.)*"|\b((?:Object|JSONPatch)(?:\.\w+)*)(\{)|(?<=[{,]\s*)([A-Za-z_]\w*):|[{}]/g
