import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tempDir } from '../../../shared/testing/temp-dir.ts'
import { type KubeObject, parseObjects } from './documents.ts'
import { type Kube, outputOf } from './kube.ts'

const deploy = fileURLToPath(new URL('../../', import.meta.url))

/** @param folder below deploy/ */
export const kustomize = (kube: Kube, folder: string): readonly KubeObject[] =>
  parseObjects(outputOf(kube.kubectl(['kustomize', join(deploy, folder)])))

/** What the sidecar's component makes of these objects. */
export function withComponent(kube: Kube, objects: readonly KubeObject[]): readonly KubeObject[] {
  const folder = tempDir()
  cpSync(join(deploy, 'kubernetes/sidecar'), join(folder, 'sidecar'), { recursive: true })
  mkdirSync(join(folder, 'app'))
  const files = objects.map((object, index) => {
    writeFileSync(join(folder, 'app', `${index}.yaml`), JSON.stringify(object))
    return `${index}.yaml`
  })
  writeFileSync(
    join(folder, 'app/kustomization.yaml'),
    JSON.stringify({ resources: files, components: ['../sidecar'] }),
  )
  return parseObjects(outputOf(kube.kubectl(['kustomize', join(folder, 'app')])))
}
