/** Lists whose items are merged by this key; server-side apply refuses one that comes twice. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  ports: 'containerPort',
}

/** @returns paths of items that stand twice in a list that is merged by name */
export function repeatedNames(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]) => {
    const inner = repeatedNames(child, `${path}.${key}`)
    const mergeKey = mergeKeys[key]
    if (mergeKey === undefined || !Array.isArray(child)) return inner
    const names = child.map((item) => (item as Record<string, unknown>)[mergeKey])
    const twice = names.filter((name, index) => name !== undefined && names.indexOf(name) !== index)
    return [...inner, ...twice.map((name) => `${path}.${key}: ${name}`)]
  })
}
